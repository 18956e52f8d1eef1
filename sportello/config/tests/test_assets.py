"""Are the assets served, and nothing beside them?"""

import asyncio
from pathlib import Path

from sportello.config import asgi
from sportello.config.tests.test_arrivals import Answer, Sender, a_scope


def test_assets_are_served_and_the_list_of_them_is_not(
    tmp_path: Path, settings: object, transactional_db: None
) -> None:
    settings.STATIC_ROOT = tmp_path  # type: ignore[attr-defined]  # pytest-django has no type for it
    (tmp_path / "desk.css").write_text("a {}")
    (tmp_path / "staticfiles.json").write_text("{}")
    application = asgi._with_assets()

    async def ask(path: str) -> int:
        answer = Answer()
        await application(a_scope(path, method="GET"), Sender([b""]), answer)
        return answer.status

    assert asyncio.run(ask("/static/desk.css")) == 200
    assert asyncio.run(ask("/static/staticfiles.json")) == 404
