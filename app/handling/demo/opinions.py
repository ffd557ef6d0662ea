"""What people usually write at the steps of the shipped routes."""

_USUAL: dict[str, tuple[str, ...]] = {
    "draft": ("请审核。", "", "初稿已与有关科室核对，请审核。", "请核稿。"),
    "dept_review": (
        "同意。",
        "内容属实，同意送办公室。",
        "数据已核对，同意。",
        "同意，个别文字已作修改。",
    ),
    "office_check": (
        "格式、文种符合要求，同意。",
        "同意，请领导审签。",
        "要素齐全，主送、抄送无误，同意。",
    ),
    "sign": ("同意会签。", "同意，请按程序报批。", "无不同意见。"),
    "sign_parallel": ("同意会签。", "同意。", "无不同意见。"),
    "sign_any": ("同意会签。", "同意。"),
    "sign_share": ("同意会签。", "同意，请抓紧落实。"),
    "leader_review": ("同意，请局长审定。", "同意上报，请主要领导签发。"),
    "unit_head_sign": ("同意签发。", "同意上报。", "同意。"),
    "leader_sign": ("同意签发。", "同意，按程序印发。", "同意印发。"),
    "register_number": ("已登记，版式无误。", "", "已排版，请用印。"),
    "seal": ("", "已核验，用印。"),
    "final_check_dispatch": ("", "已核对，发送。"),
    "register": ("", "来文已登记，请拟办。"),
    "propose": (
        "拟请分管领导阅示，工程科承办。",
        "请局领导阅示。",
        "拟请各位局领导传阅后，转有关科室办理。",
    ),
    "distribute": ("", "按拟办意见分送。"),
    "leader_read": ("已阅。", "已阅，请按要求落实。", "请承办科室抓紧办理，结果及时报告。"),
    "collect": ("领导已阅毕，请按批示办理。", ""),
    "handle": ("已按要求办理，结果已报来文单位。", "已办理完毕，有关材料随文存档。"),
    "close": ("", "办理结果已核对，办结。"),
}


def usual(step: str, number: int) -> str:
    """One of the usual opinions, the same for the same number."""
    opinions = _USUAL[step]
    return opinions[number % len(opinions)]
