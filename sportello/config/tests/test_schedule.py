"""Does the recurring list make sense?"""

from datetime import timedelta

from django.utils import timezone

from sportello.config.schedule import RECURRING
from sportello.kernel.jobs.backend import task_at


def test_every_entry_has_a_name_of_its_own_a_task_and_a_next_time() -> None:
    names = [entry.name for entry in RECURRING]
    assert len(set(names)) == len(names)
    for entry in RECURRING:
        assert task_at(entry.task.module_path).func is entry.task.func
        assert entry.next_after(timezone.now()) < timezone.now() + timedelta(days=366)
