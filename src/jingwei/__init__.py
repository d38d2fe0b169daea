"""Jingwei 经纬: where grassroots casework is opened, owed, closed and counted."""

__version__ = "0.1.0"
