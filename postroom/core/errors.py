"""Every error that Postroom raises on purpose. Nothing here knows HTTP or a face's numbers.

    PostroomError
    ├── Refused                        the asker can do something about it
    │   ├── BadRequest                 a field is missing, of the wrong type or out of range
    │   ├── SignInRefused
    │   │   ├── BadCredentials
    │   │   ├── AccountDisabled
    │   │   ├── SecondFactorMissing    one is required of the account, and it has none
    │   │   └── TooManyAttempts        carries how long to wait
    │   ├── OutOfReach                 not yours, or not for your role
    │   │   ├── FreshSignInNeeded      the session is too old for a change of what opens the account
    │   │   └── RoleTooSmall           yours to see; you have a role there, but it does not suffice
    │   │       ├── RoleTooHigh        nobody gives or takes more than they have
    │   │       └── LastOwner          somebody must be left who may do everything
    │   ├── NotFound
    │   │   ├── DomainNotFound         or nobody has given the asker a role there
    │   │   ├── CompanyNotFound        named inside another request
    │   │   ├── UserNotFound           named inside another request
    │   │   ├── FolderNotFound
    │   │   └── RoleNotFound
    │   ├── IsAlias                    the name stands for another object
    │   ├── AttributeRefused           carries hints, one an attribute
    │   │   ├── NotSettable
    │   │   └── BadAttribute
    │   │       ├── PasswordTooWeak
    │   │       ├── PasswordReused
    │   │       ├── PasswordContainsAccount
    │   │       ├── FilterMxMissing
    │   │       ├── TooManyRecipients
    │   │       └── AliasDomainNotFound
    │   ├── NameTaken
    │   │   ├── ExistsAlready          and the asker wanted to create it
    │   │   ├── NamesakeExists         in the same directory, which has every name once
    │   │   ├── AccessExists           the person has a role on the domain
    │   │   ├── InvitationExists       to this address, for this domain
    │   │   └── ClaimedByAnother       who has not proved it, and has some days left to do so
    │   ├── JobExists                  of that name, made by the same asker
    │   ├── FeatureMissing             the domain is not meant for that
    │   ├── NotEmpty
    │   ├── BrandInUse
    │   ├── UserLimitReached
    │   ├── AliasLimitReached
    │   ├── AppPasswordLimitReached
    │   ├── ClaimLimitReached
    │   ├── NotAMember
    │   ├── DefaultWorkgroup
    │   ├── StillControlled
    │   ├── InAliasDomain
    │   ├── NoSecondaryEmail           there is no other address to send something to
    │   ├── LinkDead                   unknown, too old, used up or overtaken: nobody is told which
    │   ├── WrongState                 not a step that the object's state allows
    │   │   ├── DomainDisabled
    │   │   ├── NotUndoable            a change that has no way back, or is not of that kind
    │   │   └── ChangedSince           what is to be undone was changed again
    │   ├── ChangedMeanwhile           and the asker wanted to change it only as it was
    │   ├── KeyReused                  an idempotency key that belongs to another request
    │   └── PlatformRefused            the mail servers will not do it, and trying again is no use
    └── TryAgain                       nobody's fault; the same call may succeed in a moment
        ├── PlatformAway               the mail servers do not answer
        │   └── NotOnPlatform          they answer, and have not heard of the account yet
        ├── ProviderAway               the identity provider does not answer
        ├── LockedByAnother
        ├── StillRunning               the request with this idempotency key
        ├── TooManyRequests            carries how long to wait
        └── Overloaded

Below these stands BadValueError, a ValueError: what a parser says of a single value, before anybody knows
which attribute or field it was meant for. Its text becomes a hint.

The first line of a class's docstring is its message. `detail` says what exactly and what to do;
`hints` maps a field or attribute to what is wrong with it. Neither ever holds a secret.
"""

from collections.abc import Mapping


class BadValueError(ValueError):
    """A value that its kind does not take. The text is the hint: it says what would be right."""


class PostroomError(Exception):
    """Postroom could not do this"""

    def __init__(self, detail: str = "", *, hints: Mapping[str, str] | None = None) -> None:
        super().__init__(detail or self.message())
        self.detail = detail
        self.hints: Mapping[str, str] = hints or {}

    @classmethod
    def message(cls) -> str:
        return (cls.__doc__ or "").partition("\n")[0]


class Refused(PostroomError):
    """The request was refused"""


class BadRequest(Refused):
    """Request is badly formatted"""


class SignInRefused(Refused):
    """Sign-in was refused"""


class BadCredentials(SignInRefused):
    """Invalid credentials supplied in request"""


class AccountDisabled(SignInRefused):
    """The account is disabled"""


class SecondFactorMissing(SignInRefused):
    """2FA is required but not enabled"""


class TooManyAttempts(SignInRefused):
    """Too many failed sign-ins; try again later"""

    def __init__(self, detail: str = "", *, wait: int = 1) -> None:
        """`wait` in seconds."""
        super().__init__(detail)
        self.wait = wait


class OutOfReach(Refused):
    """Requestor does not have permission to access the object"""


class FreshSignInNeeded(OutOfReach):
    """Sign in again first"""


class RoleTooSmall(OutOfReach):
    """Your role does not allow this"""


class RoleTooHigh(RoleTooSmall):
    """You cannot give or take a role higher than your own"""


class LastOwner(RoleTooSmall):
    """The domain would be left without an owner"""


class NotFound(Refused):
    """The requested object does not exist"""


class DomainNotFound(NotFound):
    """Domain does not exist"""


class CompanyNotFound(NotFound):
    """Company does not exist"""


class UserNotFound(NotFound):
    """User does not exist"""


class FolderNotFound(NotFound):
    """Folder does not exist"""


class RoleNotFound(NotFound):
    """Role does not exist"""


class IsAlias(Refused):
    """The object is an alias"""


class AttributeRefused(Refused):
    """One or more attributes were refused"""


class NotSettable(AttributeRefused):
    """Requestor does not have permission to change one or more attributes"""


class BadAttribute(AttributeRefused):
    """One or more attributes are badly formatted"""


class PasswordTooWeak(BadAttribute):
    """Password is not strong enough"""


class PasswordReused(BadAttribute):
    """Password was used recently"""


class PasswordContainsAccount(BadAttribute):
    """Password contains account information"""


class FilterMxMissing(BadAttribute):
    """Domain is missing filtermx"""


class TooManyRecipients(BadAttribute):
    """Too many forward recipients"""


class AliasDomainNotFound(BadAttribute):
    """Alias domain does not exist"""


class NameTaken(Refused):
    """Object already exists"""


class ExistsAlready(NameTaken):
    """Object already exists"""


class NamesakeExists(NameTaken):
    """Display name is taken"""


class AccessExists(NameTaken):
    """This person has access to the domain already"""


class InvitationExists(NameTaken):
    """This address is invited to the domain already"""


class ClaimedByAnother(NameTaken):
    """Somebody else has added this domain a short while ago"""


class JobExists(Refused):
    """Migration job already exists"""


class FeatureMissing(Refused):
    """Feature not available on the domain"""


class NotEmpty(Refused):
    """Object is not empty"""


class BrandInUse(Refused):
    """Brand is in use"""


class UserLimitReached(Refused):
    """Domain has reached its user limit"""


class AliasLimitReached(Refused):
    """Domain has reached its alias limit"""


class AppPasswordLimitReached(Refused):
    """Maximum number of app passwords reached"""


class ClaimLimitReached(Refused):
    """Too many of your domains wait for proof of control"""


class NotAMember(Refused):
    """User must be a member of the object"""


class DefaultWorkgroup(Refused):
    """Workgroup is the default workgroup"""


class StillControlled(Refused):
    """Admins exist that control this object"""


class InAliasDomain(Refused):
    """Target is a domain alias"""


class NoSecondaryEmail(Refused):
    """Please add a secondary email"""


class LinkDead(Refused):
    """The link is not valid any more"""


class WrongState(Refused):
    """The object's state does not allow this"""


class DomainDisabled(WrongState):
    """You can't create or update a mailbox for a disabled domain."""


class NotUndoable(WrongState):
    """This change cannot be undone"""


class ChangedSince(WrongState):
    """It was changed again since"""


class ChangedMeanwhile(Refused):
    """The object is not what the request expects it to be"""


class KeyReused(Refused):
    """The idempotency key belongs to another request"""


class PlatformRefused(Refused):
    """Internal error"""


class TryAgain(PostroomError):
    """Try again later"""


class PlatformAway(TryAgain):
    """Object is temporarily unavailable"""


class NotOnPlatform(PlatformAway):
    """Object is temporarily unavailable"""


class ProviderAway(TryAgain):
    """The identity provider does not answer"""


class LockedByAnother(TryAgain):
    """Failed to obtain provisioning lock"""


class StillRunning(TryAgain):
    """The first request with this idempotency key is still running"""


class TooManyRequests(TryAgain):
    """Too many requests"""

    def __init__(self, wait: int) -> None:
        """`wait` in seconds."""
        super().__init__(f"try again in {wait} seconds")
        self.wait = wait


class Overloaded(TryAgain):
    """Try again later"""
