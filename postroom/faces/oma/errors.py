"""OMA's numbers for our errors (oma.md section 3)."""

from collections.abc import Mapping

from postroom.core import errors

NUMBERS: Mapping[type[errors.PostroomError], int] = {
    errors.BadCredentials: 1,
    errors.NotFound: 2,
    errors.IsAlias: 3,
    errors.NotSettable: 4,
    errors.BadRequest: 5,
    errors.WrongState: 5,
    errors.BadAttribute: 6,
    errors.NameTaken: 7,
    errors.OutOfReach: 9,
    errors.NotEmpty: 10,
    errors.CompanyNotFound: 11,
    errors.FolderNotFound: 26,
    errors.RoleNotFound: 12,
    errors.UserNotFound: 13,
    errors.BrandInUse: 14,
    errors.UserLimitReached: 15,
    errors.AliasLimitReached: 16,
    errors.NotAMember: 17,
    errors.DefaultWorkgroup: 18,
    errors.JobExists: 19,
    errors.TooManyAttempts: 20,
    errors.TryAgain: 20,
    errors.Overloaded: 20,
    errors.ExistsAlready: 23,
    errors.StillControlled: 24,
    errors.PlatformAway: 22,
    errors.LockedByAnother: 25,
    errors.FilterMxMissing: 27,
    errors.PlatformRefused: 28,
    errors.AccountDisabled: 32,
    errors.PasswordReused: 36,
    errors.AliasDomainNotFound: 37,
    errors.TooManyRecipients: 38,
    errors.PasswordTooWeak: 40,
    errors.SecondFactorMissing: 42,
    errors.AppPasswordLimitReached: 46,
    errors.InAliasDomain: 47,
    errors.PasswordContainsAccount: 48,
}

# Clients compare these texts; they stand alone, whatever else there is to say (oma.md section 3, bold ones).
_LITERAL = frozenset({errors.BadCredentials, errors.NotFound, errors.NameTaken, errors.ExistsAlready})


def number_of(error: errors.PostroomError) -> int:
    """That of the class or of the nearest one above it; 0, a fault of ours, where there is none."""
    for cls in type(error).__mro__:
        if cls in NUMBERS:
            return NUMBERS[cls]
    return 0


def text_of(error: errors.PostroomError) -> str:
    if type(error) in _LITERAL or not error.detail:
        return error.message()
    return f"{error.message()}: {error.detail}"
