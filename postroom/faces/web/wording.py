"""Every error that a person can meet: what is wrong, and what to do about it, in their language."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from postroom.core import errors
from postroom.core.errors import PostroomError, TooManyAttempts, TooManyRequests
from postroom.faces.web import details


class Said(msgspec.Struct, frozen=True):
    title: str
    advice: str
    """What to do; empty where that stands in the title."""
    detail: str = ""
    """What exactly is wrong, where the core says more than the class does."""

    @property
    def text(self) -> str:
        """All of it in one line, for toasts and the top of forms."""
        return " ".join(part for part in (self.detail or self.title, self.advice) if part)


WORDS: Final[Mapping[type[PostroomError], tuple[str, str]]] = {
    errors.PostroomError: (
        gettext_noop("Something went wrong on our side."),
        gettext_noop("Nothing was changed. Try again; if it happens again, tell whoever runs this Postroom."),
    ),
    errors.Refused: (gettext_noop("This is not possible."), ""),
    errors.BadRequest: (gettext_noop("Something is missing or not written as it must be."), ""),
    errors.SignInRefused: (gettext_noop("You could not be signed in."), ""),
    errors.BadCredentials: (
        gettext_noop("This does not open anything."),
        gettext_noop("Check what you have typed; capital letters count in passwords."),
    ),
    errors.AccountDisabled: (
        gettext_noop("This account is switched off."),
        gettext_noop("Ask whoever manages it."),
    ),
    errors.SecondFactorMissing: (
        gettext_noop("This account must have a second factor, and has none yet."),
        gettext_noop("Ask whoever manages it."),
    ),
    errors.TooManyAttempts: (gettext_noop("There were too many wrong attempts."), ""),
    errors.OutOfReach: (
        gettext_noop("You have no right to see or change this."),
        gettext_noop("Ask an owner of the domain to give you a role, or sign in with another account."),
    ),
    errors.FreshSignInNeeded: (gettext_noop("For your safety, sign in again to change this."), ""),
    errors.RoleTooSmall: (
        gettext_noop("Your role does not allow this."),
        gettext_noop("Ask an owner of the domain for more rights."),
    ),
    errors.RoleTooHigh: (gettext_noop("Nobody can give or take a role higher than their own."), ""),
    errors.LastOwner: (
        gettext_noop("The domain would be left without an owner."),
        gettext_noop("Make somebody else an owner first."),
    ),
    errors.NotFound: (
        gettext_noop("This does not exist."),
        gettext_noop("It may have been deleted or renamed."),
    ),
    errors.DomainNotFound: (
        gettext_noop("There is no such domain, or you have no role there."),
        gettext_noop("Check the spelling, or ask one of its owners to invite you."),
    ),
    errors.CompanyNotFound: (gettext_noop("There is no such company."), ""),
    errors.UserNotFound: (gettext_noop("There is no such mailbox or person."), ""),
    errors.FolderNotFound: (gettext_noop("There is no such folder."), ""),
    errors.RoleNotFound: (gettext_noop("There is no such role."), ""),
    errors.IsAlias: (gettext_noop("This name is an alias of something else."), gettext_noop("Use the real name.")),
    errors.AttributeRefused: (gettext_noop("A setting was refused."), ""),
    errors.NotSettable: (gettext_noop("You may not change this setting."), ""),
    errors.BadAttribute: (gettext_noop("A setting has a value that it cannot have."), ""),
    errors.PasswordTooWeak: (
        gettext_noop("This password is too easy to guess."),
        gettext_noop("Several words that have nothing to do with each other are hard to guess and easy to remember."),
    ),
    errors.PasswordReused: (
        gettext_noop("This password was used here before."),
        gettext_noop("Choose another one."),
    ),
    errors.PasswordContainsAccount: (
        gettext_noop("The password must not contain the name of the account."),
        gettext_noop("Choose another one."),
    ),
    errors.FilterMxMissing: (gettext_noop("The domain does not say yet where filtered mail goes."), ""),
    errors.TooManyRecipients: (gettext_noop("There are too many recipients."), ""),
    errors.AliasDomainNotFound: (gettext_noop("The alias’s domain does not exist here."), ""),
    errors.NameTaken: (gettext_noop("This name is taken."), gettext_noop("Choose another one.")),
    errors.ExistsAlready: (gettext_noop("This exists already."), gettext_noop("Choose another name.")),
    errors.NamesakeExists: (
        gettext_noop("Somebody in the same directory has this display name."),
        gettext_noop("Add something that tells them apart, such as a middle name."),
    ),
    errors.AccessExists: (gettext_noop("This person has a role on the domain already."), ""),
    errors.InvitationExists: (
        gettext_noop("This address is invited to the domain already."),
        gettext_noop("Send the invitation again if it was lost."),
    ),
    errors.ClaimedByAnother: (
        gettext_noop("Somebody else has added this domain a short while ago."),
        gettext_noop("If it is yours, wait some days: who cannot prove it by DNS loses it."),
    ),
    errors.JobExists: (gettext_noop("Such a job is there already."), ""),
    errors.FeatureMissing: (gettext_noop("The domain is not made for this."), ""),
    errors.NotEmpty: (gettext_noop("This is not empty."), gettext_noop("Remove what is in it first.")),
    errors.BrandInUse: (gettext_noop("This brand is in use."), gettext_noop("Give its users another one first.")),
    errors.UserLimitReached: (
        gettext_noop("The domain has as many mailboxes as it may have."),
        gettext_noop("Delete some, or ask for a higher limit."),
    ),
    errors.AliasLimitReached: (
        gettext_noop("There are as many aliases as there may be."),
        gettext_noop("Delete some, or ask for a higher limit."),
    ),
    errors.AppPasswordLimitReached: (
        gettext_noop("There are as many app passwords as there may be."),
        gettext_noop("Delete some that you no longer use."),
    ),
    errors.ClaimLimitReached: (
        gettext_noop("Too many of your domains wait for proof that they are yours."),
        gettext_noop("Finish their DNS first, or delete some."),
    ),
    errors.NotAMember: (gettext_noop("This account does not belong there."), ""),
    errors.DefaultWorkgroup: (gettext_noop("This is the workgroup that new mailboxes get."), ""),
    errors.StillControlled: (gettext_noop("Somebody still has an administrator’s role on this."), ""),
    errors.InAliasDomain: (gettext_noop("This domain only mirrors another one."), gettext_noop("Use that one.")),
    errors.NoSecondaryEmail: (
        gettext_noop("There is no second address to send something to."),
        gettext_noop("Add one to the mailbox first."),
    ),
    errors.LinkDead: (
        gettext_noop("This link does not open anything."),
        gettext_noop("It is incomplete, too old, or used up. Ask for another one."),
    ),
    errors.WrongState: (gettext_noop("This is not possible in the present state."), ""),
    errors.DomainDisabled: (
        gettext_noop("The domain is switched off: its mailboxes cannot be created or changed."),
        "",
    ),
    errors.NotUndoable: (gettext_noop("This change cannot be undone here."), ""),
    errors.ChangedSince: (
        gettext_noop("It was changed again since, so it is not undone."),
        gettext_noop("Look at it as it is now, then decide again."),
    ),
    errors.ChangedMeanwhile: (
        gettext_noop("Somebody has changed this meanwhile."),
        gettext_noop("Look at it as it is now, then decide again."),
    ),
    errors.KeyReused: (gettext_noop("This key belongs to another request."), ""),
    errors.PlatformRefused: (
        gettext_noop("The mail servers refuse to do this."),
        gettext_noop("Trying again is no use; tell whoever runs this Postroom."),
    ),
    errors.TryAgain: (gettext_noop("This did not work just now."), gettext_noop("Try again in a moment.")),
    errors.PlatformAway: (
        gettext_noop("The mail servers do not answer at the moment."),
        gettext_noop("Try again in a few minutes."),
    ),
    errors.NotOnPlatform: (
        gettext_noop("The mail servers have not heard of this yet."),
        gettext_noop("Try again in a minute."),
    ),
    errors.ProviderAway: (
        gettext_noop("The identity provider does not answer at the moment."),
        gettext_noop("Try again in a moment, or sign in with a password."),
    ),
    errors.LockedByAnother: (
        gettext_noop("Somebody else is changing the same thing."),
        gettext_noop("Try again in a moment."),
    ),
    errors.StillRunning: (gettext_noop("The first request is still running."), gettext_noop("Wait a moment.")),
    errors.TooManyRequests: (gettext_noop("That was a lot in a short time."), ""),
    errors.Overloaded: (gettext_noop("There is very much to do just now."), gettext_noop("Try again in a moment.")),
}
"""Of the class, or of the nearest one above it: (what is wrong, what to do)."""


def said(error: PostroomError) -> Said:
    title, advice = next(WORDS[kind] for kind in type(error).__mro__ if kind in WORDS)
    if isinstance(error, TooManyRequests | TooManyAttempts):
        return Said(_(title), _wait(error.wait))
    detail = details.translated(error.detail) if details.is_told(error.detail) else ""
    return Said(_(title), _(advice) if advice and not detail else "", detail)


def hint(error: PostroomError, name: str) -> str:
    """What is wrong with one field or setting: the core's own words, or what its class says."""
    return details.about(name, error.hints.get(name, "")) or said(error).text


def _wait(seconds: int) -> str:
    if seconds < 100:
        return ngettext("Try again in %(count)s second.", "Try again in %(count)s seconds.", seconds) % {
            "count": seconds
        }
    minutes = -(-seconds // 60)
    return ngettext("Try again in %(count)s minute.", "Try again in %(count)s minutes.", minutes) % {"count": minutes}


def fault() -> Said:
    return said(PostroomError())


def not_allowed() -> Said:
    return Said(_("This page cannot be asked for in this way."), _("Go back to the page before and use its buttons."))


def no_page() -> Said:
    return Said(_("This page does not exist."), _("Check the address, or begin at the start page."))


def forged() -> Said:
    return Said(
        _("This form was not accepted."),
        _("It stood open for too long, or your browser keeps no cookies. Go back, load the page anew and try again."),
    )


def senseless() -> Said:
    return Said(_("The request could not be understood."), _("It may be too large. Go back and try with less."))


def provider_refused() -> Said:
    return Said(
        _("The identity provider did not let you in, or you come back too late."),
        _("Try again, or sign in with a password."),
    )


def too_large() -> Said:
    most = filesizeformat(settings.LARGEST_BODY)
    return Said(
        _("That is too much at once."), _("At most %(most)s can be sent. Divide it, or send less.") % {"most": most}
    )
