"""Stated results: exact sentences, their roles, and what never states one."""

from __future__ import annotations

from wenzhai.models import Block, BlockKind, DigestRecord, FindingRole

from .examples import PROSE, Read, heading

RESULT = "结果显示，敲低STAT3后肿瘤体积缩小了一半，差异显著（P<0.01）。"
SURVIVAL = "与对照组相比，实验组小鼠的生存期显著延长（HR=0.52，95% CI 0.31-0.80）。"
CONCLUSION = "综上，本研究表明成纤维细胞分泌的CCL19推动了巨噬细胞的招募。"
LIMITS = ("样本来自同一家医院，人数只有三十例。", "结论是否适用于其他人群还不清楚。")
TITLE = "Nature Medicine | STAT3推动肿瘤生长"


def test_a_result_a_conclusion_and_limitations(read: Read) -> None:
    reading = read(heading("研究结果"), RESULT, SURVIVAL, CONCLUSION, heading("局限性"), *LIMITS, title=TITLE)
    found = {finding.text: finding for finding in reading.findings}
    assert list(found) == [RESULT, SURVIVAL, CONCLUSION, *LIMITS]
    assert [finding.role for finding in found.values()] == [
        FindingRole.FINDING,
        FindingRole.FINDING,
        FindingRole.CONCLUSION,
        FindingRole.LIMITATION,
        FindingRole.LIMITATION,
    ]
    assert found[RESULT].genes == ("STAT3",)
    assert found[CONCLUSION].genes == ("CCL19",)
    assert (found[RESULT].section, found[LIMITS[0]].section) == ("研究结果", "局限性")


def test_findings_are_whole_sentences_at_their_place(records: dict[str, DigestRecord]) -> None:
    count = 0
    for record in records.values():
        starts = [finding.start for finding in record.findings]
        assert starts == sorted(set(starts))
        for finding in record.findings:
            count += 1
            assert record.article.text[finding.start : finding.end] == finding.text
            assert "\n" not in finding.text
            assert finding.text == finding.text.strip()
            before = record.article.text[: finding.start].rstrip(" ")
            assert not before or before[-1] in "\n。！？；!?;…”’」』）)]》】."
    assert count > 10


def test_key_findings_are_few_and_no_limitations(records: dict[str, DigestRecord]) -> None:
    for record in records.values():
        keys = [finding for finding in record.findings if finding.key]
        stated = [finding for finding in record.findings if finding.role is not FindingRole.LIMITATION]
        assert len(keys) <= 4
        assert bool(keys) == bool(stated)
        assert all(finding.role is not FindingRole.LIMITATION for finding in keys)


def test_a_heading_is_no_limitation(read: Read) -> None:
    limits = heading("本研究的局限性与不足之处有哪些")
    reading = read(heading("研究结果"), RESULT, SURVIVAL, CONCLUSION, limits, *LIMITS, title=TITLE)
    assert [f.text for f in reading.findings if f.role is FindingRole.LIMITATION] == list(LIMITS)
    assert limits.text not in {finding.text for finding in reading.findings}


def test_tables_and_references_state_nothing(read: Read) -> None:
    reading = read(
        heading("局限性"),
        Block(BlockKind.TABLE_ROW, "样本来自同一家医院\t人数只有三十例，偏少"),
        "参考文献",
        "Hao Y, Hao S, et al. Limits of small samples in the river towns. Cell. 2021;184:3573.",
    )
    assert reading.findings == ()


def test_no_findings(read: Read) -> None:
    assert read(*PROSE).findings == ()
    assert read().findings == ()
