"""Orders of a hotline: taken over from its sheet as incidents, with the moments it knows and none that it does not."""

from jingwei.affairs.hotline.importer import ORDERS
from jingwei.affairs.hotline.numbers import Figures, figures
from jingwei.affairs.hotline.past import load_past

__all__ = ["ORDERS", "Figures", "figures", "load_past"]
