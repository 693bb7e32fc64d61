"""Registration: where a form's millimetres lie on a scan, and whether the page is that form."""

from ocr.register.by_any_print import register_by_any_print
from ocr.register.pose import Pose
from ocr.register.register import Registration, register, register_by_sight, register_by_size
from ocr.register.sheet import Ruled, Sheet, reduce

__all__ = [
    "Pose",
    "Registration",
    "Ruled",
    "Sheet",
    "reduce",
    "register",
    "register_by_any_print",
    "register_by_sight",
    "register_by_size",
]
