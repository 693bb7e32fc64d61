"""Registration: where a form's millimetres lie on a scan, and whether the page is that form."""

from ocr.register.pose import Pose
from ocr.register.register import Registration, register, register_by_sight, register_by_size
from ocr.register.sheet import Sheet, reduce

__all__ = [
    "Pose",
    "Registration",
    "Sheet",
    "reduce",
    "register",
    "register_by_sight",
    "register_by_size",
]
