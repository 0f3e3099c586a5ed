"""Published knowledge points: every class that becomes a reference, and every row accounted for."""

import pytest

from features.errors import InputError
from fraud.references.classes import CLASSES
from fraud.references.read_files import read_files
from tests.references.books import POINTS, book

SERVICE = ["序号", "医疗服务项目名称", "医疗服务项目代码", "检出逻辑", "逻辑依据"]
PIECE = ["序号", "中药饮片名称", "中药饮片代码", "检出逻辑", "逻辑依据"]


def read(tmp_path, content, name="points.xlsx"):
    path = tmp_path / name
    path.write_bytes(content)
    return read_files([path], "knowledge_points")


def drug(title, logic="", basis="", **more):
    heads = [*POINTS, *more]
    return book(title, [[1, "某药", logic, basis, 1, *more.values()]], [[1, "某药", 1, "XA01"]], heads=heads)


def service(title, logic="", basis="", heads=SERVICE, **more):
    return book(title, [[1, "某项目", "0031", logic, basis, *more.values()]], heads=[*heads, *more])


# Rule class -> workbook, and what it says of its item.
READ = {
    "药品区分性别使用": (drug("药品区分性别使用", "与限定性别不符", 限定性别="女"), {"gender_limit": "female"}),
    "医疗服务项目区分性别使用": (service("医疗服务项目区分性别使用", 限定性别="男"), {"gender_limit": "male"}),
    "药品儿童专用": (drug("药品儿童专用", "参保人年龄超出儿童年龄限制"), {"max_age_years": "17"}),
    "药品限儿童使用": (drug("药品限儿童使用", basis="限14周岁以下儿童"), {"max_age_years": "14"}),
    "医疗服务项目儿童专用": (service("医疗服务项目儿童专用", "不满6周岁"), {"max_age_years": "5"}),
    "医用耗材限儿童使用": (service("医用耗材限儿童使用", "限儿童"), {"max_age_years": "17"}),
    "医用耗材限新生儿使用": (service("医用耗材限新生儿使用"), {"max_age_years": "0"}),
    "药品儿童禁用": (drug("药品儿童禁用", "18周岁以下禁用"), {"min_age_years": "18"}),
    "药品限工伤保险": (drug("药品限工伤保险"), {"insurance_types": "work_injury"}),
    "药品限生育保险": (drug("药品限生育保险"), {"insurance_types": "maternity"}),
    "中药饮片单复方均不予支付": (service("中药饮片单复方均不予支付", heads=PIECE), {"herbal_use": "neither"}),
    "中药饮片单方使用不予支付": (service("中药饮片单方使用不予支付", heads=PIECE), {"herbal_use": "not_single"}),
    "药品限二线使用": (drug("药品限二线使用", 一线药品代码="XB01、XB02"), {"requires_prior_item_codes": "XB01|XB02"}),
    "药品限适应症": (drug("药品限适应症", basis="限：2型糖尿病（E11）"), {"diagnosis_prefixes": "E11"}),
    "药品限支付疗程": (drug("药品限支付疗程", basis="支付不超过14天"), {"max_course_days": "14"}),
    "药品限医疗机构级别": (drug("药品限医疗机构级别", basis="限二级及以上机构"), {"min_provider_level": "secondary"}),
    "药品限就医方式": (drug("药品限就医方式", basis="限急诊使用"), {"encounter_types": "emergency"}),
    "超互联网医院药品支付范围": (drug("超互联网医院药品支付范围"), {"is_internet_allowed": "false"}),
    "手术项目未按规定折价收费": (service("手术项目未按规定折价收费"), {"is_surgery": "true"}),
    "医疗服务项目限支付疗程": (service("医疗服务项目限支付疗程", "疗程不超过三个月"), {"max_course_days": "93"}),
    "医疗服务项目限定频次": (service("医疗服务项目限定频次", 单日上限数量="2"), {"max_daily_quantity": "2"}),
    "医疗服务项目周期超频次": (
        service("医疗服务项目周期超频次", "7天内不超过1次"),
        {"frequency_max_count": "1", "frequency_window_days": "7"},
    ),
    "医疗服务项目限年龄": (service("医疗服务项目限年龄", "限3-6周岁"), {"min_age_years": "3", "max_age_years": "6"}),
}  # fmt: skip


@pytest.mark.parametrize("title", READ)
def test_a_class_becomes_columns_of_its_items(tmp_path, title):
    content, limits = READ[title]
    found = read(tmp_path, content)
    assert found.refused == []
    ((item, said),) = found.items.items()
    assert item in {"XA01", "0031"}
    assert {name: value for name, value in said.items() if name != "item_name"} == limits
    topic = found.topics[title]
    assert (topic.n_points, topic.n_used) == (1, 1)
    assert {f"ref_items.{name}" for name in limits} <= set(topic.columns)


def test_every_class_is_shown():
    assert {*READ, "医疗服务项目重复收费"} == {each.name for each in CLASSES}


def test_codes_continue_downward_and_totals_are_dropped(tmp_path):
    points = [[1, "甲药", "限女性", "", 2], [2, "乙药", "限男性", "", 1]]
    codes = [[1, "甲药", 1, "XA01"], [None, None, 2, "XA02"], [2, "乙药", 1, "XB01"]]
    found = read(tmp_path, book("药品区分性别使用", points, codes))
    assert {item: said["gender_limit"] for item, said in found.items.items()} == {
        "XA01": "female",
        "XA02": "female",
        "XB01": "male",
    }
    assert found.items["XA02"]["item_name"] == "甲药"
    assert (found.n_notes, found.topics["药品区分性别使用"].n_codes_said) == (2, 3)


@pytest.mark.slow
def test_forms_in_the_last_column_of_a_sheet_are_not_read(tmp_path):
    # 3,000 rows x 16,384 columns are more than a reader of sheets takes
    codes = [[1, "甲药", 1, "XA0"], *([None, None, n, f"XA{n}"] for n in range(1, 3_000))]
    found = read(tmp_path, book("药品区分性别使用", [[1, "甲药", "限女性", "", 3_000]], codes, far=True))
    assert len(found.items) == 3_000


def test_pairs_exclude_in_the_span_that_is_said(tmp_path):
    heads = ["序号", "项目A名称", "项目A代码", "项目B名称", "项目B代码", "时间区间", "检出逻辑", "逻辑依据"]
    rows = [
        [1, "全腹CT", "0031", "上腹CT", "0032", "同一天", "", ""],
        [None, None, None, "下腹CT", "0033", "本次住院期间", "", ""],
    ]
    found = read(tmp_path, book("医疗服务项目重复收费", rows, heads=heads))
    assert list(found.pairs) == [
        ("0031", "0032", "same_day", "", "", ""),
        ("0031", "0033", "same_encounter", "", "", ""),
    ]
    assert found.items == {}


def test_a_class_that_no_rule_looks_at_is_counted(tmp_path):
    found = read(
        tmp_path, book("超说明书用量开药", [[1, "某药", "", "", 1], [2, "他药", "", "", 1]], [[1, "某药", 1, "XA01"]])
    )
    topic = found.topics["超说明书用量开药"]
    assert (topic.n_points, topic.n_not_covered, topic.n_used, found.items) == (2, 2, 0, {})


SEX = "药品区分性别使用"
WRONG = {
    "no codes": (book(SEX, [[1, "某药", "限女性", "", 1]]), "it names no item codes"),
    "no value": (drug(SEX, "性别不符"), "which sex it is limited to cannot be told"),
    "both values": (drug(SEX, 限定性别="男女"), "it is limited to both sexes"),
    "no item code": (book(SEX, [[1, "某药", "限女性", "", 1]], [[1, "某药", 1, "代码"]]), "no item code: '代码'"),
    "another's codes": (
        book(SEX, [[1, "某药", "限女性", "", 1]], [[1, "他药", 1, "XA01"]]),
        "of its number are of '他药'",
    ),
    "a formula": (book(SEX, [[1, "某药", ("=A1", ""), "", 1]], [[1, "某药", 1, "XA01"]]), "without a calculated value"),
    "codes of nothing": (
        book(SEX, [[1, "某药", "限女性", "", 1]], [[1, "某药", 1, "XA01"], [9, "他药", 1, "XB01"]]),
        "there is no such point",
    ),
    "contradiction": (
        book(
            SEX,
            [[1, "某药", "限女性", "", 1], [2, "某药", "限男性", "", 1]],
            [[1, "某药", 1, "XA01"], [2, "某药", 1, "XA01"]],
        ),
        "item XA01 has another gender_limit in this edition",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_row_is_set_aside_with_place_and_reason(tmp_path, case):
    content, reason = WRONG[case]
    found = read(tmp_path, content)
    assert any(reason in said for each in found.refused for said in each.reasons), found.refused
    assert all(each.place for each in found.refused)
    assert not any(
        value
        for said in found.items.values()
        for name, value in said.items()
        if case == "contradiction" and name == "gender_limit"
    )


def test_rows_that_contradict_each_other_are_both_refused_unless_a_limit_is_left(tmp_path):
    rows = [[1, "某药", "限女性", "", 2], [2, "某药", "限男性", "", 1], [3, "他药", "限女性", "", 1]]
    codes = [[1, "某药", 2, "XA01"], ["", "", "", "XA02"], [2, "某药", 1, "XA01"], [3, "他药", 1, "XA03"]]
    found = read(tmp_path, book(SEX, rows, codes))
    assert {code for code, said in found.items.items() if said["gender_limit"]} == {"XA02", "XA03"}
    topic = found.topics[SEX]
    assert (topic.n_points, topic.n_used, topic.n_refused, topic.items) == (3, 2, 1, {"XA02", "XA03"})
    found = read(tmp_path, book(SEX, rows[1:], [*codes[2:], [3, "他药", 1, "XA01"]]))
    topic = found.topics[SEX]
    # The later row is refused whole; of the earlier nothing is left.
    assert (topic.n_points, topic.n_used, topic.n_refused, topic.items) == (2, 0, 2, set())
    assert {each.place[-5:] for each in found.refused} == {"row 5", "row 6"}


def test_an_item_stays_where_another_row_of_the_class_still_limits_it(tmp_path):
    said = ("限18周岁及以上", "限65周岁及以下", "限20周岁及以上")
    rows = [[number, "某项目", "0031", text, ""] for number, text in enumerate(said, start=1)]
    found = read(tmp_path, book("医疗服务项目限年龄", rows, heads=SERVICE))
    assert found.items["0031"] == {"item_name": "某项目", "min_age_years": "", "max_age_years": "65"}
    topic = found.topics["医疗服务项目限年龄"]
    assert (topic.n_points, topic.n_used, topic.n_refused, topic.items) == (3, 1, 2, {"0031"})


def test_a_list_of_several_classes_as_text(tmp_path):
    text = (
        "规则名称,药品通用名,药品代码,检出逻辑,逻辑依据\n药品限工伤保险,某药,XA01,,\n药品限儿童使用,某药,XA01,限儿童,\n"
    )
    found = read(tmp_path, text.encode("gb18030"), "list.csv")
    assert found.items == {"XA01": {"item_name": "某药", "insurance_types": "work_injury", "max_age_years": "17"}}


def test_what_is_no_table_of_points_is_refused(tmp_path):
    with pytest.raises(InputError, match="no row of kind knowledge_points"):
        read(tmp_path, b"a,b\n1,2\n", "other.csv")
    with pytest.raises(InputError, match=r"file 'broken\.xlsx': not a readable zip"):
        read(tmp_path, b"PK\x03\x04 not a zip", "broken.xlsx")
    with pytest.raises(InputError, match="there is no such file"):
        read_files([tmp_path / "absent.xlsx"], "knowledge_points")
