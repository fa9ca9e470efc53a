"""shuangsuiji（双随机）: random inspections that anyone can recompute."""

__version__ = "0.1.0"
