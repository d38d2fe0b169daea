"""What can be done to organisations, posts and what binds them: a form each, and the act it leads to."""

from jingwei.doors.desk.offices.deeds import of_bonds, of_organisations, of_posts
from jingwei.doors.desk.offices.drawn import Deed

DEEDS: dict[str, list[type[Deed]]] = {
    "organisation": [
        of_organisations.FoundBelow,
        of_organisations.MakePost,
        of_organisations.Serve,
        of_organisations.Rename,
        of_organisations.Move,
        of_organisations.FormAlliance,
        of_organisations.Sign,
        of_organisations.Help,
        of_organisations.OpenForming,
        of_organisations.Merge,
        of_organisations.Dissolve,
        of_organisations.StopServing,
        of_organisations.EndHelp,
    ],
    "post": [
        of_posts.Appoint,
        of_posts.TakeLeave,
        of_posts.Assign,
        of_posts.HandOver,
        of_posts.Retitle,
        of_posts.EndPost,
        of_posts.Dismiss,
        of_posts.ComeBack,
        of_posts.Relieve,
    ],
    "alliance": [of_bonds.Join, of_bonds.EndAlliance, of_bonds.LeaveAlliance],
    "agreement": [of_bonds.AddPromise, of_bonds.Fulfil, of_bonds.EndAgreement],
    "forming": [of_bonds.PutForward, of_bonds.Decide, of_bonds.CloseForming],
    "place": [],
}
"""What can be done, by the sort of thing a page is about."""
