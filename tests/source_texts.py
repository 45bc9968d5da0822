"""What the code can say, read from its source: texts, with 5 for what differs."""

import ast
from itertools import product

DIFFERS = {"5"}


def name_of(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def either(node):
    """Of what it can be."""
    match node:
        case ast.IfExp(body=one, orelse=other):
            return [one, other]
        case ast.BoolOp(op=ast.Or(), values=values) | ast.Dict(values=values):
            return values
    return []


class Source:
    """One file. Names are followed to what is assigned, passed or returned in it, and no farther."""

    def __init__(self, text):
        self.tree = ast.parse(text)
        self.nodes = list(ast.walk(self.tree))
        self.functions = {node.name: node for node in self.nodes if isinstance(node, ast.FunctionDef)}
        self.calls = [node for node in self.nodes if isinstance(node, ast.Call)]
        # A function is walked after the one it stands in: the innermost wins.
        self.inside = {id(node): f for f in self.functions.values() for node in ast.walk(f) if node is not f}
        self.following = set()

    def texts(self, node):
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.JoinedStr(values=parts):
                return self._joined(parts)
            case ast.FormattedValue(value=value, conversion=-1):
                return self.texts(value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([left, right])
            case ast.Name() | ast.Call():
                return self._followed(node)
        return set().union(*map(self.texts, either(node))) or DIFFERS

    def _joined(self, parts):
        return {"".join(chosen) for chosen in product(*map(self.texts, parts))}

    def _followed(self, node):
        if id(node) in self.following:
            return DIFFERS
        self.following.add(id(node))
        found = self._named(node) if isinstance(node, ast.Name) else self._returned(node)
        self.following.discard(id(node))
        return found or DIFFERS

    def _named(self, node):
        function = self.inside.get(id(node))
        within = ast.walk(function) if function else ()
        values = self._assigned(node.id, within) or self._passed(node.id, function)
        values = values or self._assigned(node.id, self.tree.body)
        return set().union(*map(self.texts, values))

    def _assigned(self, name, nodes):
        targets = ((node, node.targets if isinstance(node, ast.Assign) else [node.target])
                   for node in nodes if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr))  # fmt: skip
        return [node.value for node, to in targets if any(isinstance(t, ast.Name) and t.id == name for t in to)]

    def _passed(self, name, function):
        """What the function is called with, where that is in the same file."""
        if function is None:
            return []
        names = [argument.arg for argument in function.args.args if argument.arg != "self"]
        if name not in names:
            return []
        calls = [call for call in self.calls if name_of(call) == function.name]
        place = names.index(name)
        by_place = [call.args[place] for call in calls if len(call.args) > place]
        return by_place + [k.value for call in calls for k in call.keywords if k.arg == name]

    def _returned(self, call):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "get":
            return self.texts(call.func.value)
        return self.returned(name_of(call)) if name_of(call) in self.functions else set()

    def said_by(self, names):
        """What is handed to these classes, be it the first or the second thing that they get."""
        for call in self.calls:
            if name_of(call) in names:
                for argument in [*call.args, *(k.value for k in call.keywords if k.arg == "reason")][:2]:
                    yield from self.texts(argument)

    def lines(self):
        """What its functions yield or return, alone or beside something else."""
        for node in self.nodes:
            if isinstance(node, ast.Yield | ast.YieldFrom | ast.Return) and node.value is not None:
                made = [part for part in ast.walk(node.value) if isinstance(part, ast.JoinedStr)]
                beside = node.value.elts if isinstance(node.value, ast.Tuple) else []
                for part in [*made, *beside]:
                    yield from self.texts(part)

    def returned(self, function):
        values = [node.value for node in ast.walk(self.functions[function]) if isinstance(node, ast.Return)]
        return set().union(*map(self.texts, values))

    def given(self, kind, keyword):
        """What stands for this keyword wherever the class is made."""
        for call in self.calls:
            if name_of(call) == kind:
                for one in call.keywords:
                    if one.arg == keyword:
                        yield from self.texts(one.value)


def kinds_below(names, sources):
    """These classes and all that are made from them, by name."""
    known = set(names)
    bases = [(node.name, {ast.unparse(base).rpartition(".")[2] for base in node.bases})
             for source in sources for node in source.nodes if isinstance(node, ast.ClassDef)]  # fmt: skip
    while more := {name for name, above in bases if above & known} - known:
        known |= more
    return known
