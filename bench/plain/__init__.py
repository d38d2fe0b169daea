"""The same acts written as one would without thinking of speed: REST framework, serializers, the ORM row by row."""
