"""Orders of a hotline: taken over from its sheet as incidents, with the moments it knows and none that it does not."""

from jingwei.affairs.orders.importer import ORDERS
from jingwei.affairs.orders.numbers import Figures, figures
from jingwei.affairs.orders.past import load_past

__all__ = ["ORDERS", "Figures", "figures", "load_past"]
