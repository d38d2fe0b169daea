"""What an official calls the words of the pack about the ground."""

from django.utils.translation import gettext_lazy

PLACES_TITLES = {
    "": gettext_lazy("Ground"),
    "layers": gettext_lazy("Layers"),
    "codes": gettext_lazy("Schemes of codes"),
    "notice": gettext_lazy("Public notice of a grid"),
    "worker_name": gettext_lazy("Worker's name"),
    "worker_telephone": gettext_lazy("Worker's telephone"),
    "supervision_telephone": gettext_lazy("Supervision telephone"),
    "grid_sizes": gettext_lazy("Sizes of grids"),
    "general": gettext_lazy("General grid"),
    "micro": gettext_lazy("Micro grid"),
    "least": gettext_lazy("At least"),
    "most": gettext_lazy("At most"),
    "counts": gettext_lazy("Counts"),
    "communities": gettext_lazy("Communities"),
    "compounds": gettext_lazy("Compounds"),
    "grids": gettext_lazy("Grids"),
    "towns": gettext_lazy("Towns and subdistricts"),
    "code": gettext_lazy("Code"),
    "buildings": gettext_lazy("Building outlines"),
    "file": gettext_lazy("File"),
    "floors": gettext_lazy("Property that counts floors"),
    "licence": gettext_lazy("Licence"),
    "households": gettext_lazy("Estimate of households"),
    "square_metres": gettext_lazy("Square metres per household"),
    "dwelling_share": gettext_lazy("Share lived in"),
    "carve": gettext_lazy("How ground is cut"),
    "seed": gettext_lazy("Stored chance"),
}
