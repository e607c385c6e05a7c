"""Small published lexicons in their real forms; everything in them is invented but the forms and a few true facts."""

from __future__ import annotations

JOURNALS = """\
--------------------------------------------------------
JrId: 1
JournalTitle: Nature communications
MedAbbr: Nat Commun
ISSN (Print):
ISSN (Online): 2041-1723
IsoAbbr: Nat Commun
NlmId: 101528555
--------------------------------------------------------
JrId: 2
JournalTitle: Annals of fog and mist (London, England)
MedAbbr: Ann Fog Mist
ISSN (Print): 1234-5678
ISSN (Online):
IsoAbbr: Ann. Fog Mist
NlmId: 2
--------------------------------------------------------
JrId: 3
JournalTitle: Fog chemistry
MedAbbr: Fog Chem
ISSN (Print):
ISSN (Online): 8765-432X
IsoAbbr: Fog Chem
NlmId: 3
""".replace("):\n", "): \n")  # an empty value is a blank, as in the real list

OBO = """\
format-version: 1.2
data-version: doid/releases/2025-09-30/doid.obo
default-namespace: disease_ontology
ontology: doid

[Term]
id: DOID:4
name: disease
def: "A disease is a disposition." [url:http\\://ontology.example]

[Term]
id: DOID:1612
name: breast cancer
synonym: "breast tumor" RELATED []
synonym: "mammary cancer of fog" EXACT [CSP2005:2016-0534]
is_a: DOID:5093 ! thoracic cancer

[Term]
id: DOID:9000001
name: misty fog syndrome
synonym: "MFS9" EXACT [ICD10CM:X]
synonym: "say \\"fog\\" disease" EXACT []

[Term]
id: DOID:9000002
name: obsolete fog
is_obsolete: true

[Typedef]
id: has_symptom
name: has symptom
"""

DISEASE_TABLE = """\
id\tlabel\tsubClassOf
"DOID:1612"\t"breast cancer"\t"thoracic cancer"
"DOID:9000001"\t"misty fog syndrome"\t"syndrome"
"""

ASSAYS = """\
ontology ID\tlabel\teditor preferred term\talternative label\tdefinition
ID\tA rdfs:label\tA editor preferred term\tA alternative label SPLIT=|\tAL definition@en
OBI:9000001\tfog scattering assay\t\tfog scatter|FSA\t"An assay that\tscatters fog."
CHMO:0000087\tfluorescence microscopy assay\t\tfluorescence imaging\tLight.
"""

GENES = (
    "hgnc_id\tsymbol\tname\tlocus_group\tstatus\talias_symbol\tprev_symbol\tdate_modified\n"
    "HGNC:900001\tFOGGY1\tfoggy one\tprotein-coding gene\tApproved\tFGY1\t\t2026-02-03\n"
    "HGNC:11998\tTP53\ttumor protein p53\tprotein-coding gene\tApproved\tp53\t\t2024-01-01\n"
)
