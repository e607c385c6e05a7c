"""What each HTML tag means to a reader of the page."""

from __future__ import annotations

from enum import IntEnum

from lxml import etree


class Action(IntEnum):
    """What the walk does at a tag."""

    INLINE = 0
    SKIP = 1
    BLOCK = 2
    BREAK = 3
    HEADING = 4
    LIST_ITEM = 5
    QUOTE = 6
    PRE = 7
    CODE = 8
    CAPTION = 9
    TABLE = 10
    ROW = 11
    CELL = 12
    LINK = 13
    BOLD = 14
    IMAGE = 15
    CARD = 16


_TAGS = {
    Action.SKIP: "script style noscript template head title desc metadata select option textarea iframe object "
    "video audio canvas annotation mp-style-type source-footnote",
    Action.BLOCK: "html body div section article main header footer aside nav center p figure ul ol dl dt dd "
    "address details summary fieldset form hgroup menu hr picture caption ne-p ne-card page",
    Action.BREAK: "br",
    Action.HEADING: "h1 h2 h3 h4 h5 h6",
    Action.LIST_ITEM: "li",
    Action.QUOTE: "blockquote mp-common-blockquote",
    Action.PRE: "pre listing xmp plaintext",
    Action.CODE: "code",
    Action.CAPTION: "figcaption",
    Action.TABLE: "table",
    Action.ROW: "tr",
    Action.CELL: "td th",
    Action.LINK: "a",
    Action.BOLD: "b strong",
    Action.IMAGE: "img image svg-image",
    Action.CARD: "mp-common-profile mpprofile mp-common-miniprogram mp-miniprogram mp-weapp mp-common-videosnap "
    "mpvideosnap mp-common-product mp-common-cpsad mpcps mpcpc mp-common-clmusic mp-common-qqmusic qqmusic "
    "mp-common-mpaudio mpvoice mpgongyi mp-common-vote mp-common-redpacket mp-common-search mp-common-sticker",
}
# Real tags that need nothing done. A tag in neither list was `<reads.fastq>` in the author's words.
_PLAIN_TAGS = (
    "abbr acronym animate animatemotion animatetransform applet area base basefont bdi bdo big blink button circle "
    "cite clippath col colgroup data datalist defs del dfn dialog dir ellipse em embed filter font "
    "foreignobject frame frameset g i imagedata input ins kbd keygen label left legend line lineargradient link "
    "map mark marker marquee mask math menuitem merror meta meter mfrac mi mn mo mover mpadded mphantom mroot "
    "mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover nobr o:p optgroup "
    "output param path pattern polygon polyline progress q radialgradient rb rect rp rt rtc ruby s samp "
    "semantics set shape shapetype slot small source span stop strike sub sup svg symbol tbody text textpath "
    "tfoot thead time track tspan tt u use var view wbr"
)
ACTIONS: dict[object, Action] = {
    **dict.fromkeys(_PLAIN_TAGS.split(), Action.INLINE),
    **{tag: action for action, tags in _TAGS.items() for tag in tags.split()},
}


def known_action(tag: object) -> Action | None:
    """The action for an lxml tag, None for one that neither HTML nor WeChat knows.

    Comments and the like have a function for a tag and are skipped.
    """
    action = ACTIONS.get(tag)
    return Action.SKIP if action is None and not isinstance(tag, str) else action


def is_placeholder(element: etree._Element) -> bool:
    """Whether an unknown tag was the author's words (``<output_dir>``), which a browser swallowed.

    Custom elements carry a dash, an ``mp`` prefix, values in their attributes, or hold elements only.
    """
    tag = element.tag
    if "-" in tag or ":" in tag or tag.startswith("mp"):
        return False
    return not any(element.attrib.values()) and (bool(element.text) or len(element) == 0)


def card_reason(tag: str) -> str:
    """The reason for which an embedded card is not content."""
    return "account_card" if tag in ("mp-common-profile", "mpprofile") else "card"
