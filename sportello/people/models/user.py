"""Who is it? One `User` for everyone: agents, customers, and the system itself."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from sportello.kernel.addresses import address_key
from sportello.kernel.text import one_line
from sportello.people.finding import index_person
from sportello.people.models.brand import Brand
from sportello.people.models.organisation import Organisation, organisation_of_address
from sportello.people.querysets import AddressQuerySet, UserQuerySet
from sportello.people.roles import RIGHTS, STAFF, Right, Role

SYSTEM_ADDRESS = "system@sportello.invalid"  # nobody's (RFC 2606), and never found from outside


def is_of_the_system(address: str) -> bool:
    """Whether it is in the domain in which only the system is at home."""
    return address_key(address).endswith(SYSTEM_ADDRESS[SYSTEM_ADDRESS.index("@") :])


def clean_name(name: str) -> str:
    """One line without control characters and halves of characters, at most 200."""
    return " ".join(one_line(name[:1000]).split())[:200].strip()


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]  # mypy cannot see a base made by a call
    @transaction.atomic
    def create_user(self, address: str, name: str = "", password: str | None = None, **fields: Any) -> "User":
        """Make a person with one address. Raises IntegrityError when the address is someone's already.

        Of whom nobody knows their language and time zone, the firm's hold.
        """
        address = address_key(address)
        firm = Brand.current()
        fields["language"] = fields.get("language") or firm.language
        fields["time_zone"] = fields.get("time_zone") or firm.time_zone
        fields.setdefault("organisation", organisation_of_address(address))
        user = User(address=address, name=clean_name(name), **fields)
        user.set_password(password)
        user.save(force_insert=True)
        Address.objects.create(user=user, address=address)
        index_person(user)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        found: User = self.persons().get(addresses__address=address_key(username or ""))
        return found

    def at_address(self, address: str) -> "User | None":
        """The person who owns the address, whichever of theirs it is. Never the system: nobody writes in its name."""
        found: User | None = self.persons().filter(addresses__address=address_key(address)).first()
        return found

    def at_address_or_new(self, address: str, name: str = "", language: str = "") -> "User":
        """The person at the address, made if need be; of two that make them at once, both get the same one.

        Raises User.DoesNotExist for the system's own address.
        """
        found = self.at_address(address)
        if found:
            return found
        try:
            return self.create_user(address, name, language=language)
        except IntegrityError:
            return self.get_by_natural_key(address)

    def at_addresses_or_new(self, names: Mapping[str, str]) -> "dict[str, User]":
        """The people at the addresses, each with the name for whoever is new.

        All make them in one order, so that two who write to the same new people do not wait for each other for ever.
        """
        return {address: self.at_address_or_new(address, names[address]) for address in sorted(names, key=address_key)}

    def system(self) -> "User":
        """The actor of everything that happens by itself."""
        found: User | None = self.filter(address=SYSTEM_ADDRESS, role=Role.SYSTEM).first()
        return found or self.create_user(SYSTEM_ADDRESS, "Sportello", role=Role.SYSTEM)


class User(AbstractBaseUser):
    address = models.CharField(_("address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.CUSTOMER)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("organisation")
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Rome")
    look = models.JSONField(default=dict, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "address"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        indexes = [models.Index(fields=["name"], name="user_name")]

    def __str__(self) -> str:
        return self.name or self.address

    @property
    def first_name(self) -> str:
        """How customers call who answers; an address stands for somebody without a name."""
        return (self.name.split() or [self.address.partition("@")[0]])[0]

    @property
    def is_staff(self) -> bool:
        """Whether the person works at the desk."""
        return self.role in STAFF

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @cached_property
    def team_roles(self) -> dict[int, str]:
        """Role by team id; one query a request."""
        return dict(self.memberships.values_list("team_id", "role"))

    def forget_rights(self) -> None:
        self.__dict__.pop("team_roles", None)

    def teams_with(self, right: Right) -> Collection[int] | None:
        """Ids of the teams in which the person has the right; None means every team."""
        if not self.is_active or not self.is_staff:
            return []
        if self.is_administrator:
            return None
        return [team for team, role in self.team_roles.items() if right in RIGHTS[role]]

    def has_right(self, right: Right, team_id: int) -> bool:
        teams = self.teams_with(right)
        return teams is None or team_id in teams

    @transaction.atomic
    def rename(self, name: str) -> None:
        self.name = clean_name(name)
        self.save(update_fields=["name"])
        index_person(self)

    @transaction.atomic
    def add_address(self, address: str, *, verified: bool = False) -> "Address":
        """Let mail from a further address be this person's. Raises IntegrityError when it is someone's already."""
        moment = timezone.now() if verified else None
        added = Address.objects.create(user=self, address=address_key(address), verified_at=moment)
        index_person(self)
        return added

    def own(self, address: str) -> None:
        """The person showed that mail to this address reaches them. Raises IntegrityError when it is someone else's."""
        if self.addresses.filter(address=address_key(address)).exists():
            self.confirm_address(address)
        else:
            self.add_address(address, verified=True)

    @transaction.atomic
    def give_up(self, address: "Address") -> None:
        """Mail from there is this person's no longer, and no link that we sent there works any more."""
        address.delete()
        index_person(self)

    def has_confirmed(self, address: str) -> bool:
        """Whether the person showed that mail to this address reaches them."""
        return self.addresses.filter(address=address_key(address), verified_at__isnull=False).exists()

    def confirm_address(self, address: str) -> None:
        self.addresses.filter(address=address_key(address), verified_at=None).update(verified_at=timezone.now())

    @transaction.atomic
    def make_primary(self, address: "Address") -> None:
        """Write to this address from now on. Raises ValueError for another person's address."""
        if address.user_id != self.pk:
            raise ValueError("That address belongs to someone else")
        self.address = address.address
        self.save(update_fields=["address"])


class Address(models.Model):
    """One mail address of a person. Lower case; verified once its owner followed a link that we sent there."""

    user = models.ForeignKey(User, models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=254, unique=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.address
