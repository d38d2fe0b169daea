"""The door for programs: what an official sees, as JSON, described by an OpenAPI document."""
