"""What an administrator or a security officer sends twice is done once, and she is told so."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from jingwei.accounts.models import Account, Measure

pytestmark = pytest.mark.django_db


def test_a_form_that_is_sent_twice_is_done_once(qingshi: Any, client: Client) -> None:
    administrator = qingshi.sign_in(client, "administrator")
    clerk = qingshi.account("clerk").pk
    said = {"reason": "忘记口令，本人到场", "key": str(uuid4())}
    pages = [administrator.post(f"/desk/accounts/{clerk}/do/password/", said).status_code for _twice in range(2)]
    assert (pages, Measure.objects.filter(account=clerk).count()) == ([200, 302], 1)
    assert "刚才已经提交过" in administrator.get(f"/desk/accounts/{clerk}/").content.decode()
    again = administrator.post(f"/desk/accounts/{clerk}/do/password/", {**said, "key": str(uuid4())})
    assert (again.status_code, Measure.objects.filter(account=clerk).count()) == (200, 2)


def test_an_invitation_that_is_sent_twice_opens_one_account(qingshi: Any, client: Client) -> None:
    administrator = qingshi.sign_in(client, "administrator")
    said = {"name": "新同事", "username": "xintongshi", "telephone": "", "email": "", "post": "", "key": str(uuid4())}
    pages = [administrator.post("/desk/accounts/new/", said) for _twice in range(2)]
    account = Account.objects.get(username="xintongshi")
    assert [page.status_code for page in pages] == [200, 302]
    assert pages[1].headers["Location"] == f"/desk/accounts/{account.pk}/"


def test_every_form_of_theirs_carries_a_key(qingshi: Any, client: Client) -> None:
    clerk = qingshi.account("clerk").pk
    addresses = {
        "administrator": [
            "/desk/accounts/new/",
            f"/desk/accounts/{clerk}/",
            "/desk/exceptions/new/",
        ],
        "security": ["/desk/security/"],
    }
    for who, pages in addresses.items():
        signed_in = qingshi.sign_in(Client(), who)
        for page in pages:
            main = signed_in.get(page).content.decode().split("<main", 1)[1]
            forms = [form for form in main.split("<form")[1:] if 'method="post"' in form.split(">", 1)[0]]
            assert forms, page
            assert [form for form in forms if 'name="key"' not in form.split("</form", 1)[0]] == [], page
