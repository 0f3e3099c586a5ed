"""Groups of providers that share many more patients than popularity, place and disease explain."""

from features.vocabulary.text import Text
from fraud.rings.kind import RingKind
from fraud.rings.shared_patients.find import find_shared_patients
from fraud.rings.shared_patients.reasons import member_reason

SHARED_PATIENTS = RingKind(
    code="provider_sharing",
    name=Text("Providers that share patients", "机构共用参保人"),
    scheme_code="R01",
    version="1",
    basis=(
        "统计方法，非法规条款：分层配置模型与扫描统计量 "
        "(Stratified configuration model with scan statistic, Kulldorff 1997; method of this toolkit, not a regulation)"
    ),
    find=find_shared_patients,
    member_reason=member_reason,
)
