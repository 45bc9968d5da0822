"""The command line tools of Open-Xchange, simulated after their documentation (docs/openxchange.md).

One file is all of them: `host.py` puts it under each tool's name beside state.json, with a first line that says which
Python runs it. It is a program of its own and imports nothing of Postroom. What the tests may tell it stands in
state.json: `username_changeable`, and `failures`: {tool: [{exit, message, done, seconds, output}, …]}.
"""

# ruff: noqa: T201  printing is what they are for

import fcntl
import json
import os
import re
import sys
import time
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
CREDENTIALS, NO_CONTEXT, DATA, MISSING, NO_USER, CONTEXT_EXISTS, UNKNOWN = 101, 102, 103, 104, 108, 110, 111
FLAGS = {"csv", "nonl"}
LOGIN = {"adminuser", "adminpass"}
USER = {
    "username", "displayname", "givenname", "surname", "password", "email", "aliases", "language", "timezone",
    "mailenabled", "defaultsenderaddress", "imapserver", "smtpserver", "imaplogin", "access-combination-name",
    "department", "company",
}  # fmt: skip
CONTEXT = {"contextname", "addmapping", "removemapping", "quota", "access-combination-name"}
OPTIONS = {
    "listcontext": {"searchpattern"},
    "createcontext": CONTEXT - {"removemapping"}
    | {"contextid", "username", "displayname", "givenname", "surname", "password", "email", "lang", "timezone"},
    "changecontext": CONTEXT | {"contextid"},
    "deletecontext": {"contextid", "contextname"},
    "listuser": {"contextid", "searchpattern"},
    "createuser": USER | {"contextid"},
    "changeuser": USER | {"contextid", "userid"},
    "deleteuser": {"contextid", "userid", "username"},
    "existsuser": {"contextid", "userid", "username", "displayname"},
}
NEEDED = {
    "createcontext": {"contextid", "username", "displayname", "givenname", "surname", "email", "quota"},
    "changecontext": {"contextid"},
    "listuser": {"contextid"},
    "createuser": {"contextid", "username", "displayname", "givenname", "surname", "email"},
    "changeuser": {"contextid"},
    "deleteuser": {"contextid"},
    "existsuser": {"contextid"},
}
# Those that we read, among others that are there too.
COLUMNS = (
    ("Id", "id"), ("Aliases", "aliases"), ("Birthday", None), ("Company", None), ("DefaultSenderAddress", "sender"),
    ("Display_name", "displayname"), ("Email1", "email"), ("Given_name", "givenname"), ("Language", "language"),
    ("Mailenabled", "mailenabled"), ("Name", "name"), ("Password", None), ("PrimaryEmail", "email"),
    ("Sur_name", "surname"), ("Timezone", "timezone"), ("UserAttributes", "attributes"), ("access-calendar", None),
)  # fmt: skip


class Stop(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


def same(one, other):
    """As the database compares text: neither case, accents nor spaces at the end count."""
    plain = [
        "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).casefold().rstrip()
        for text in (one, other)
    ]
    return plain[0] == plain[1]


def parse(tool, argv):
    """Options by their long names, and dynamic ones (`--namespace/name=value`)."""
    options, dynamic, words = {}, {}, list(argv)
    while words:
        word = words.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--"):
            raise Stop(UNKNOWN, f"Unrecognized options on the command line: {word}")
        if name in FLAGS and not equals:
            options[name] = "true"
        elif "/" in name:
            dynamic[name] = value
        elif name in OPTIONS[tool] | LOGIN:
            options[name] = value if equals else (words.pop(0) if words else "")
        else:
            raise Stop(UNKNOWN, f"Unrecognized options on the command line: {word}")
    missing = [name for name in sorted(NEEDED.get(tool, ())) if name not in options]
    if tool in ("createcontext", "createuser") and not (options.get("password") or os.environ.get("NEW_USER_PASSWORD")):
        missing.append("password")
    if missing:
        raise Stop(MISSING, "Option(s) " + ", ".join(f'"{name}"' for name in missing) + " missing")
    return options, dynamic


class Ox:
    def __init__(self, state):
        self.state = state
        self.contexts = state["contexts"]

    def run(self, tool, argv):
        options, dynamic = parse(tool, argv)
        password = options.get("adminpass") or os.environ.get("ADMIN_PASSWORD", "")
        self.authenticate(tool, options, password)
        options.setdefault("password", os.environ.get("NEW_USER_PASSWORD", ""))
        return getattr(self, tool)(options, dynamic)

    def authenticate(self, tool, options, password):
        user = options.get("adminuser", "")
        if tool.endswith("context"):
            if [user, password] != self.state["master"]:
                raise Stop(CREDENTIALS, f"Authentication failed for user {user}")
            return
        admin = self.context(options)["users"]["2"]
        if (user, password) != (admin["name"], admin["password"]):
            raise Stop(CREDENTIALS, f"Authentication failed for user {user}")

    def context(self, options):
        found = self.contexts.get(options.get("contextid", "").lstrip("0"))
        if found is None:
            raise Stop(NO_CONTEXT, f"Context {options.get('contextid')} does not exist")
        return found

    # Contexts

    def listcontext(self, options, dynamic):
        names = ("id", "filestore_id", "filestore_name", "enabled", "max_quota", "used_quota", "name", "lmappings")
        rows = [
            (id, "3", f"{id}_ctx_store", "true", c["quota"], "0", c["name"], ",".join(self.mappings(id)))
            for id, c in self.contexts.items()
        ]
        show(names, rows)

    def mappings(self, id):
        """The id and the name of a context are among them, whoever gave the others."""
        context = self.contexts[id]
        return sorted({id, context["name"], *context["mappings"]} - {""})

    def createcontext(self, options, dynamic):
        id = options["contextid"].lstrip("0")
        if id in self.contexts:
            raise Stop(CONTEXT_EXISTS, f"Context {id} already exists!")
        name = options.get("contextname", "")
        self.refuse_name(name, None)
        mappings = self.free(options.get("addmapping", ""), None)
        self.contexts[id] = {"name": name, "mappings": mappings, "quota": options["quota"], "next": 3, "users": {}}
        admin = {**options, "aliases": options["email"], "mailenabled": "true", "language": options.get("lang", "")}
        self.contexts[id]["users"]["2"] = self.user(admin, {})
        print(f"context {id} created")

    def changecontext(self, options, dynamic):
        context = self.context(options)
        id = options["contextid"]
        if "contextname" in options:
            self.refuse_name(options["contextname"], id)
            context["name"] = options["contextname"]
        if "addmapping" in options:
            context["mappings"] += self.free(options["addmapping"], id)
        if "removemapping" in options:
            gone = options["removemapping"].split(",")
            context["mappings"] = [mapping for mapping in context["mappings"] if mapping not in gone]
        print(f"context {id} changed")

    def deletecontext(self, options, dynamic):
        self.context(options)
        del self.contexts[options["contextid"]]
        print(f"context {options['contextid']} deleted")

    def refuse_name(self, name, id):
        if any(other["name"] == name for key, other in self.contexts.items() if key != id and name):
            raise Stop(CONTEXT_EXISTS, f"Context {name} already exists!")
        self.free(name, id)

    def free(self, mappings, id):
        wanted = [mapping for mapping in mappings.split(",") if mapping]
        for mapping in wanted:
            illegal = re.sub(r"[$%.+a-zA-Z0-9_-]", "", mapping)
            if illegal:
                raise Stop(DATA, f'Illegal chars: "{illegal}" in login mapping')
            if any(mapping in self.mappings(other) for other in self.contexts if other != id):
                raise Stop(DATA, f"A mapping with login info {mapping} already exists in the system!")
        return wanted

    # Users

    def listuser(self, options, dynamic):
        names = [name for name, _ in COLUMNS]
        users = self.context(options)["users"]
        rows = []
        for id, user in users.items():
            attributes = ", ".join(f"{name}={value}" for name, value in user["attributes"].items())
            shown = {
                **user,
                "id": id,
                "aliases": ", ".join(user["aliases"]),
                "attributes": f"config=[{attributes}],client=[theme=dark]" if attributes else "",
            }
            rows.append([shown.get(field) if field else None for _, field in COLUMNS])
        show(names, rows)

    def existsuser(self, options, dynamic):
        users = self.context(options)["users"]
        for option, field in (("userid", None), ("username", "name"), ("displayname", "displayname")):
            if option in options:
                wanted = options[option]
                there = wanted in users if field is None else any(same(u[field], wanted) for u in users.values())
                print(f"User {wanted} {'exists' if there else 'does not exist'}")
                return 0 if there else 1
        raise Stop(MISSING, "Neither identifier, name nor display name given")

    def createuser(self, options, dynamic):
        context = self.context(options)
        user = self.user(options, dynamic)
        self.refuse_user(context, user, None)
        id = str(context["next"])
        context["next"] += 1
        context["users"][id] = user
        print(f"user {id} in context {options['contextid']} created")

    def user(self, options, dynamic):
        address = options["email"]
        aliases = [alias.strip() for alias in options.get("aliases", "").split(",") if alias.strip()]
        return {
            "name": options["username"],
            "displayname": options["displayname"],
            "givenname": options["givenname"],
            "surname": options["surname"],
            "email": address,
            "aliases": sorted({address, *aliases}),
            "sender": options.get("defaultsenderaddress", address),
            "mailenabled": options.get("mailenabled", "true"),
            "language": options.get("language", ""),
            "timezone": options.get("timezone", ""),
            "password": options["password"],
            "attributes": {name.removeprefix("config/"): value for name, value in dynamic.items()},
        }

    def changeuser(self, options, dynamic):
        context = self.context(options)
        id = options.get("userid", "")
        if id not in context["users"]:
            raise Stop(NO_USER, f"No such user {id} in context {options['contextid']}")
        user = json.loads(json.dumps(context["users"][id]))
        if "username" in options and options["username"] != user["name"]:
            if not self.state["username_changeable"]:
                raise Stop(DATA, "Changing username is disallowed!")
            user["name"] = options["username"]
        fields = {"defaultsenderaddress": "sender"}
        for option in USER - {"username", "aliases", "password"} & set(options):
            user[fields.get(option, option)] = options[option]
        if "aliases" in options:
            user["aliases"] = sorted({alias.strip() for alias in options["aliases"].split(",")})
        user["attributes"] |= {name.removeprefix("config/"): value for name, value in dynamic.items()}
        self.refuse_user(context, user, id)
        context["users"][id] = user
        print(f"user {id} in context {options['contextid']} changed")

    def refuse_user(self, context, user, id):
        if not all(user[field] for field in ("name", "displayname", "givenname", "surname", "email")):
            raise Stop(DATA, "Mandatory fields not set")
        others = [other for key, other in context["users"].items() if key != id]
        if any(same(other["displayname"], user["displayname"]) for other in others):
            raise Stop(DATA, "The displayname is already used")
        illegal = re.sub(r"[$@%.+a-zA-Z0-9_-]", "", user["name"])
        if illegal:
            raise Stop(DATA, f'Illegal chars: "{illegal}"')
        if any(same(other["name"], user["name"]) for other in others):
            raise Stop(DATA, f"User {user['name']} already exists in this context")
        everybody = [
            u for c in self.contexts.values() for key, u in c["users"].items() if c is not context or key != id
        ]
        if any(other["email"] == user["email"] for other in everybody):
            raise Stop(DATA, f'Primary mail address "{user["email"]}" already exists in context')
        if not {user["email"], user["sender"]} <= set(user["aliases"]):
            raise Stop(DATA, "primaryMail, Email1 and defaultSenderAddress must be present in set of aliases.")

    def deleteuser(self, options, dynamic):
        context = self.context(options)
        id = options.get("userid", "")
        if id not in context["users"]:
            raise Stop(NO_USER, f"No such user {id} in context {options['contextid']}")
        del context["users"][id]
        print(f"user {id} in context {options['contextid']} deleted")


def show(names, rows):
    """Names bare, values in quotes, nothing for what is not set."""
    print(",".join(names))
    for row in rows:
        values = [None if value is None else str(value) for value in row]
        print(",".join("" if v is None else '"' + v.replace('"', '""') + '"' for v in values))


def told_to_fail(state, tool):
    waiting = state["failures"].get(tool, [])
    return waiting.pop(0) if waiting else {}


def main():
    tool, argv = Path(sys.argv[0]).name, sys.argv[1:]
    with (HERE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = json.loads((HERE / "state.json").read_text())
        state["calls"].append([tool, *argv])
        told = told_to_fail(state, tool)
        save(state)
        code, message = 0, ""
        if not told or told.get("done"):
            try:
                code = Ox(state).run(tool, argv) or 0
            except Stop as stop:
                code, message = stop.code, stop.message
                state = json.loads((HERE / "state.json").read_text())
            save(state)
    sys.stdout.write(told.get("output", ""))
    sys.stdout.flush()
    time.sleep(told.get("seconds", 0))
    if told.get("exit"):
        code, message = told["exit"], told.get("message", "told to fail")
    if code and message:
        sys.stderr.write(f"Server response:\n {message}\n\tat com.openexchange.admin.Some.where(Some.java:1)\n")
    sys.exit(code)


def save(state):
    new = HERE / "state.new"
    new.write_text(json.dumps(state))
    new.replace(HERE / "state.json")


if __name__ == "__main__":
    main()
