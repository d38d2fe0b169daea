"""Where the web server enters."""

import os

from django.core.wsgi import get_wsgi_application

from jingwei.files.whole import wholly
from jingwei.running.web import serve_requests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.settings")
application = wholly(get_wsgi_application())
serve_requests()
