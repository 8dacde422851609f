"""Commands that list what there is: methods, factors, rules of findings."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from carbonacct.catalogue import in_language
from carbonacct.cli.output import complain, print_json
from carbonacct.cli.parser import add_command, add_language
from carbonacct.cli.shared_options import add_json, product
from carbonacct.cli.speaking import language, manner, tell
from carbonacct.errors import did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse

    from carbonacct.cli.parser import Commands


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    add_json(add_command(commands, "methods", _methods, say("list the methods")))
    command = add_command(
        commands, "factors", _factors, say("list factor rows with their documents, as CSV")
    )
    command.add_argument("--method", help=say("those of one method; all unless given"))
    command.add_argument(
        "--product", type=product, help=say("those of one product; all unless given")
    )
    add_json(command)
    text = say("say what a finding's rule means and what to do")
    command = add_command(commands, "explain", _explain, text)
    text = say("such as sum-of-parts; all are listed without it")
    command.add_argument("rule", nargs="?", metavar="RULE", help=text)
    add_language(command)
    add_json(command)


def _methods(_options: argparse.Namespace) -> int:
    from carbonacct.factors import load_method, method_ids  # noqa: PLC0415

    if manner().json:
        methods = [load_method(identifier) for identifier in method_ids()]
        names = ("id", "kind", "title", "title_zh", "reference")
        _print_rows([{name: getattr(one, name) for name in names} for one in methods])
        return 0
    for identifier in method_ids():
        method = load_method(identifier)
        title = method.title_zh if language() == "zh" else f"{method.title}  {method.title_zh}"
        tell(f"{identifier:<18} {method.kind:<16} {title}")
        tell(f"{'':<35} {method.reference}")
    return 0


def _factors(options: argparse.Namespace) -> int:
    import csv  # noqa: PLC0415

    from carbonacct.factors import edition_ids, load_edition, load_method  # noqa: PLC0415
    from carbonacct.vocabulary import products  # noqa: PLC0415

    if options.product and options.product not in products():
        return complain(
            say(
                "no product {product!r}; {near}",
                product=options.product,
                near=did_you_mean(options.product, products())
                or say("give an id such as raw_coal"),
            )
        )
    sources = (
        load_method(options.method).sources
        if options.method
        else [load_edition(edition) for edition in edition_ids()]
    )
    keys = (
        "edition parameter product flow category area first_year last_year gas item value lower"
        " upper unit table page status note"
    )
    names = keys.split()
    rows = [
        {**{name: getattr(row, name) for name in names}, "document": source.title}
        for source in sources
        for row in source.rows
        if not options.product or row.product in ("", options.product)
    ]
    if manner().json:
        _print_rows(rows)
        return 0
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*names, "document"])
    for row in rows:
        writer.writerow(
            ["" if cell is None or cell != cell else cell for cell in row.values()]  # noqa: PLR0124 - NaN is not itself
        )
    return 0


def _print_rows(rows: list[dict[str, object]]) -> None:
    """Print rows as a table of JSON."""
    import pandas as pd  # noqa: PLC0415

    print_json([], pd.DataFrame(rows))


_WORDS = {
    "zh": ("为何", "处理", "依据"),
    "en": ("why", "what to do", "after"),
}


def _explain(options: argparse.Namespace) -> int:
    from carbonacct.projects.rules import explain_rule, load_rules  # noqa: PLC0415

    lang = options.lang
    if manner().json:
        rules = load_rules().values() if options.rule is None else [explain_rule(options.rule)]
        _print_rows(
            [
                {
                    "rule": rule.id,
                    "severities": " ".join(rule.severities),
                    "what": rule.what[lang],
                    "why": rule.why[lang],
                    "action": rule.action[lang],
                    "reference": in_language(rule.reference, lang),
                }
                for rule in rules
            ]
        )
        return 0
    if options.rule is None:
        for rule in load_rules().values():
            tell(f"{rule.id:<26} {rule.what[lang]}")
        return 0
    rule = explain_rule(options.rule)
    tell(
        say(
            "{id} ({severities}): {what}",
            id=rule.id,
            severities=join_texts(", ", rule.severities),
            what=rule.what[lang],
        )
    )
    texts = (rule.why[lang], rule.action[lang], in_language(rule.reference, lang))
    for word, text in zip(_WORDS[lang], texts, strict=True):
        tell(say("{word}: {text}", word=word, text=text))
    return 0
