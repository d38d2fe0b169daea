"""What a page tells the script that draws its map: where the shapes, the library and its parts lie."""

from django.conf import settings
from django.templatetags.static import static


def map_settings(shapes: str) -> dict[str, str]:
    """The settings of a map whose shapes are told, as GeoJSON, at the address `shapes`."""
    return {
        "shapes": shapes,
        "library": static("vendor/maplibre-gl.mjs"),
        "worker": static("vendor/maplibre-gl-worker.mjs"),
        "styles": static("vendor/maplibre-gl.css"),
        "tianditu": settings.TIANDITU_KEY,
        "pmtiles": settings.MAP_PMTILES,
        "archive": static("vendor/pmtiles.js"),
    }
