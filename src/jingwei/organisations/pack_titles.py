"""What an official calls the words of the pack about organisations, posts and grid teams."""

from django.utils.translation import gettext_lazy

ORGANISATIONS_TITLES = {
    "title": gettext_lazy("Title of the post"),
    "organisations": gettext_lazy("Organisations"),
    "responsibilities": gettext_lazy("Assigned responsibility"),
    "kind": gettext_lazy("Kind of organisation"),
    "ground": gettext_lazy("Works on"),
    "each": gettext_lazy("One for each"),
    "parent": gettext_lazy("Above it"),
    "awaited": gettext_lazy("Founded with the roster"),
    "also": gettext_lazy("Other names"),
    "posts": gettext_lazy("Posts"),
    "successor": gettext_lazy("Who takes over"),
    "front_desk": gettext_lazy("Front desk"),
    "seats": gettext_lazy("Seats"),
    "spread": gettext_lazy("Seats in the whole county"),
    "team": gettext_lazy("Place in the grid team"),
    "post": gettext_lazy("Post"),
    "over": gettext_lazy("Dealt over"),
    "many": gettext_lazy("How many"),
    "serves": gettext_lazy("Serves"),
    "sort": gettext_lazy("Sort"),
}

DEMO_TITLES = {
    "": gettext_lazy("Invented people"),
    "family_names": gettext_lazy("Family names"),
    "given_names": gettext_lazy("Given names"),
    "sign_ins": gettext_lazy("Who can sign in"),
    "username": gettext_lazy("User name"),
    "post": gettext_lazy("Post"),
    "place": gettext_lazy("Which place"),
    "SignInLine.also": gettext_lazy("Second post"),
}

OFFICES_TITLES = {
    "body": gettext_lazy("Party body"),
    "community_workers": gettext_lazy("Counted as community workers"),
    "": gettext_lazy("Kinds of organisation and teams"),
    "kinds": gettext_lazy("Kinds of organisation"),
    "grades": gettext_lazy("Grades of grid workers"),
    "teams": gettext_lazy("Grid teams"),
    "chosen_from": gettext_lazy("Chosen from"),
    "responsibilities": gettext_lazy("Sorts of responsibility"),
    "alliances": gettext_lazy("Alliances"),
    "agreements": gettext_lazy("Agreements"),
    "support": gettext_lazy("Support"),
    "objections": gettext_lazy("Objections to a candidate"),
    "nature": gettext_lazy("Nature"),
    "level": gettext_lazy("Its level"),
    "below": gettext_lazy("Stands below"),
    "within": gettext_lazy("Class"),
    "wanted": gettext_lazy("Wanted in each grid"),
    "works": gettext_lazy("Works the grid"),
    "graded": gettext_lazy("Has a grade"),
    "head": gettext_lazy("Head of the grid"),
    "core": gettext_lazy("Core unit"),
    "members": gettext_lazy("Members"),
}
