"""The two acts behind REST framework: a permission, a serializer, a view each."""

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.plain.rows import assign_plainly, open_plainly
from jingwei.casework.models import Case
from jingwei.organisations.models import Post


class AtAPost(BaseAuthentication):
    """Whoever calls sits at the post the request names; reading the session is left out on both sides."""

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        """The post, with its organisation, and the person."""
        post = Post.objects.select_related("organisation", "ground").get(pk=request.META["HTTP_POST"])
        return post, int(request.META["HTTP_PERSON"])


class IsDispatcher(BasePermission):
    """Only a dispatcher opens and assigns."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the post has the role."""
        return "dispatcher" in request.user.roles


class IntakeSerializer(serializers.Serializer[Any]):
    """What comes in."""

    key = serializers.UUIDField()
    place = serializers.IntegerField()
    words = serializers.CharField(max_length=2000)
    grade = serializers.CharField(max_length=40)
    source = serializers.CharField(max_length=40)


class AssignSerializer(serializers.Serializer[Any]):
    """Which case goes to whom."""

    key = serializers.UUIDField()
    case = serializers.IntegerField()
    handler = serializers.IntegerField()


class CaseSerializer(serializers.ModelSerializer[Case]):
    """What is answered."""

    class Meta:
        model = Case
        fields: ClassVar = ["id", "number", "title", "stage", "grade", "source", "due_at", "owner", "lead", "version"]


class _Act(APIView):
    authentication_classes: ClassVar = [AtAPost]
    permission_classes: ClassVar = [IsDispatcher]
    parser_classes: ClassVar = [JSONParser]
    renderer_classes: ClassVar = [JSONRenderer]


class Open(_Act):
    """POST: open a case."""

    def post(self, request: Request) -> Response:
        """201 with the case."""
        said = IntakeSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        case = open_plainly(said.validated_data, request.user, request.auth, timezone.now())
        return Response(CaseSerializer(case).data, status=201)


class Assign(_Act):
    """POST: assign a case."""

    def post(self, request: Request) -> Response:
        """200 with the case."""
        said = AssignSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        case = assign_plainly(said.validated_data, request.user, request.auth, timezone.now())
        return Response(CaseSerializer(case).data)
