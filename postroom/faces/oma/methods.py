"""Every method of oma.md section 5: what answers it, or what it waits for. docs/oma-status.md is made from here."""

from collections.abc import Mapping

from postroom.faces.oma import access, company, domain, user
from postroom.faces.oma.call import Method

METHODS: Mapping[str, Method] = {
    "authenticate": access.authenticate,
    "echo": access.echo,
    "generate_token": access.generate_token,
    "get_company": company.get_company,
    "change_company": company.change_company,
    "get_company_changes": company.get_company_changes,
    "search_admins": company.search_admins,
    "change_domain": domain.change_domain,
    "get_domain": domain.get_domain,
    "delete_domain": domain.delete_domain,
    "restore_domain": domain.restore_domain,
    "search_domains": domain.search_domains,
    "push_domain": domain.push_domain,
    "get_domain_changes": domain.get_domain_changes,
    "create_workgroup": domain.create_workgroup,
    "delete_workgroup": domain.delete_workgroup,
    "search_workgroups": domain.search_workgroups,
    "change_user": user.change_user,
    "get_user": user.get_user,
    "delete_user": user.delete_user,
    "restore_user": user.restore_user,
    "rename_user": user.rename_user,
    "search_users": user.search_users,
    "get_user_changes": user.get_user_changes,
    "get_user_attribute_history": user.get_user_attribute_history,
    "set_role": user.set_role,
    "add_role": user.add_role,
    "remove_role": user.remove_role,
    "app_password": access.app_password,
    "logout_user": access.logout_user,
}

_STORED_MAIL = "it needs the mail servers that hold the mail"
_BULLETINS = "bulletins need the mail servers to send them"
_BRANDS = "brands come with the operator's pages"
_COUNTERS = "statistics need the counters of the mail servers"
_MIGRATIONS = "copying mail from other servers comes with the mail servers"

NOT_YET: Mapping[str, str] = {
    "change_company_bulletin": _BULLETINS,
    "get_company_bulletin": _BULLETINS,
    "post_company_bulletin": _BULLETINS,
    "change_domain_bulletin": _BULLETINS,
    "get_domain_bulletin": _BULLETINS,
    "post_domain_bulletin": _BULLETINS,
    "get_user_folders": _STORED_MAIL,
    "get_user_messages": _STORED_MAIL,
    "move_user_messages": _STORED_MAIL,
    "get_deleted_messages": _STORED_MAIL,
    "restore_deleted_messages": _STORED_MAIL,
    "get_deleted_contacts": "there are no address books yet",
    "restore_deleted_contacts": "there are no address books yet",
    "reindex": _STORED_MAIL,
    "user_notify": _STORED_MAIL,
    "user_disable_2fa": "there is no second factor to disable yet",
    "reset_email_test": _BRANDS,
    "get_sieve": "filters need the mail servers to check and run them",
    "set_sieve": "filters need the mail servers to check and run them",
    "stats_list": _COUNTERS,
    "stats_snapshot": _COUNTERS,
    "stats_summary": _COUNTERS,
    "migration_add": _MIGRATIONS,
    "migration_jobs": _MIGRATIONS,
    "migration_status": _MIGRATIONS,
    "migration_trace": _MIGRATIONS,
    "search_brands": _BRANDS,
    "search_brand_members": _BRANDS,
}
