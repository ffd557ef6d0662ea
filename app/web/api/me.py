"""Who the caller is."""

from flask import Response, jsonify

from app.web.api.blueprints import group
from app.web.api.schemas import Me, Post
from app.web.current import current_actor

blueprint = group("me", "本人")


@blueprint.get("/me", operation_id="me", summary="本人", responses={200: Me})
def me() -> Response:
    actor = current_actor()
    answer = Me(
        login=actor.login,
        name=actor.name,
        unit=actor.unit_key,
        unit_name=actor.unit_name,
        department=actor.department_name,
        roles=sorted({post.role for post in actor.posts}),
        posts=[
            Post(
                role=post.role,
                title=post.title,
                unit_id=post.unit_id,
                department_id=post.department_id,
            )
            for post in actor.posts
        ],
    )
    return jsonify(answer.model_dump(mode="json"))
