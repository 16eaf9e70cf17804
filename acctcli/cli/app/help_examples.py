"""Examples of every command, for its help.

Each runs as it stands on the sample book; a test runs it.
"""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """A command line, what it is for, and the exit code it ends with."""

    about: str
    line: str
    code: int = 0


_ = Example
EXAMPLES: dict[str, tuple[Example, ...]] = {
    "acctcli": (
        _("Make a book, and see what is in it.", "acctcli init customers --currency EUR"),
        _("All accounts; as a board; one of them.", "acctcli account list"),
        _("", "acctcli account board"),
        _("", "acctcli account show northwind"),
        _("What to do next.", "acctcli agenda"),
    ),
    "acctcli init": (
        _("A book in a folder of its own.", "acctcli init customers --currency EUR"),
        _("With the time zone in which days end.", "acctcli init clients --timezone Europe/Rome"),
        _("A copy of the sample book, to try acctcli on.", "acctcli init demo --sample"),
    ),
    # accounts and organizations
    "acctcli account": (
        _("All accounts.", "acctcli account list"),
        _("All that is known of one.", "acctcli account show northwind"),
    ),
    "acctcli account list": (
        _(
            "Those with nothing planned or something overdue, the largest first.",
            "acctcli account list --where bucket=none,overdue --sort -won_value",
        ),
        _("Those nobody spoke to for three months.", "acctcli account list --not-contacted 90d"),
        _("Their ids, for the next command in a pipe.", "acctcli account list --format ids"),
        _("Count and sums of each owner.", "acctcli account list --group-by owner"),
    ),
    "acctcli account board": (
        _("By when the next activity is due.", "acctcli account board"),
        _(
            "By owner, with what each has won in euros.",
            "acctcli account board --by owner --currency EUR",
        ),
        _("For a script.", "acctcli account board --format json"),
    ),
    "acctcli account show": (
        _("By id or by name, case and accents aside.", "acctcli account show northwind"),
        _(
            "Only what is planned, and the people.",
            'acctcli account show "Pettigrew & Lamb Ltd" --section planned --section people',
        ),
        _(
            "As it stood at the end of January.",
            "acctcli account show northwind --as-of 2026-01-31",
        ),
    ),
    "acctcli account plan": (
        _("How far its playbooks have come.", "acctcli account plan tannwaelder"),
        _(
            "Look at what would be planned.",
            "acctcli account plan northwind --playbook yearly-visit --dry-run",
        ),
        _(
            "Plan it, counted from a day.",
            "acctcli account plan northwind --playbook yearly-visit --on 2026-05-04",
        ),
    ),
    "acctcli account timeline": (
        _(
            "What happened since the new year.",
            "acctcli account timeline northwind --since 2026-01-01",
        ),
        _("Only calls and notes.", "acctcli account timeline northwind --types call,note"),
    ),
    "acctcli account edit": (
        _(
            "Change some fields, take one away.",
            "acctcli account edit northwind --set tier=B --set labels=vip --unset phone",
        ),
    ),
    "acctcli account move": (
        _("Look at what would be moved.", "acctcli account move tannwaelder later --dry-run"),
        _("Put its next activity on tomorrow.", "acctcli account move northwind tomorrow"),
    ),
    "acctcli account why": (
        _("Which deals make the won value.", "acctcli account why northwind won_value"),
        _("Why it stands where it does on the board.", "acctcli account why northwind bucket"),
    ),
    "acctcli org": (
        _("All organizations, accounts or not.", "acctcli org list"),
        _("A new one.", 'acctcli org add "Acme Bakery" --owner Anna'),
    ),
    "acctcli org add": (
        _("Its id is made of the name: acme-bakery.", 'acctcli org add "Acme Bakery" --owner Anna'),
        _(
            "A branch of another, with a field of the book's own.",
            'acctcli org add "Northwind Paris" --parent northwind --set segment=B',
        ),
    ),
    "acctcli org list": (
        _("Those that are no accounts.", "acctcli org list --where is_account=no"),
        _("As a table for a spreadsheet.", "acctcli org list --format csv"),
    ),
    "acctcli org show": (
        _("All that is known of one.", "acctcli org show globex"),
        _("Only its deals, as JSON.", "acctcli org show globex --section deals --format json"),
    ),
    "acctcli org timeline": (
        _("What happened, and what is planned.", "acctcli org timeline globex --planned"),
    ),
    "acctcli org edit": (
        _(
            "Change some fields.",
            'acctcli org edit globex --set owner=Anna --set "phone=+1 555 0100"',
        ),
        _("Take a value away.", "acctcli org edit northwind --unset website"),
    ),
    "acctcli org remove": (
        _("Refused: its deals and people link to it.", "acctcli org remove globex", 5),
        _("With all that belongs to it.", "acctcli org remove globex --cascade"),
    ),
    "acctcli org why": (
        _("Whether it is an account, and by which deals.", "acctcli org why globex membership"),
    ),
    # people
    "acctcli person": (
        _("Who is at an organization.", "acctcli person list --org northwind"),
        _(
            "Somebody new there.",
            'acctcli person add "Zoë Müller" --org northwind --email zoe@nw.example.com',
        ),
    ),
    "acctcli person add": (
        _(
            "The id is made of the name: zoe-muller.",
            'acctcli person add "Zoë Müller" --org northwind --email zoe@nw.example.com',
        ),
    ),
    "acctcli person list": (
        _("Who is at an organization.", "acctcli person list --org northwind"),
        _("Whose job is to buy.", "acctcli person list --where 'job_title~buyer'"),
    ),
    "acctcli person show": (
        _("By name, case and accents aside.", 'acctcli person show "renee whitcombe"'),
    ),
    "acctcli person edit": (
        _(
            "Another employer; the past stays with the old one.",
            "acctcli person edit renee-whitcombe --set org=pettigrew",
        ),
    ),
    "acctcli person remove": (
        _(
            "What links to her goes too, or is unlinked.",
            "acctcli person remove renee-whitcombe --cascade",
        ),
    ),
    # deals
    "acctcli deal": (
        _("Open deals, the largest first.", "acctcli deal list --status open --sort -value"),
        _("Win one: its organization is an account.", 'acctcli deal won "Roastery scales"'),
    ),
    "acctcli deal add": (
        _(
            "In the book's currency.",
            "acctcli deal add Ovens --org northwind --value 9000 --expected-close-date +1m",
        ),
        _(
            "Won already.",
            "acctcli deal add Parts --org northwind --value 800 --currency USD --status won",
        ),
    ),
    "acctcli deal list": (
        _(
            "Open deals above an amount.",
            "acctcli deal list --status open --where 'value>10000EUR'",
        ),
        _(
            "What was won this year, as CSV.",
            "acctcli deal list --where 'won_time>=2026-01-01' --format csv",
        ),
    ),
    "acctcli deal show": (
        _("By its title.", 'acctcli deal show "Roastery scales"'),
        _("As JSON.", "acctcli deal show dds6zgmdm --format json"),
    ),
    "acctcli deal edit": (
        _("Change some fields.", "acctcli deal edit dds6zgmdm --set value=9200 --set stage=offer"),
        _(
            "Many at once: it shows what it does, and asks.",
            "acctcli deal edit --where status=open --set owner=Ines --dry-run",
        ),
    ),
    "acctcli deal remove": (
        _("Refused while activities link to it.", 'acctcli deal remove "Roastery scales"', 5),
        _("Unlink them and remove it.", 'acctcli deal remove "Roastery scales" --cascade'),
    ),
    "acctcli deal won": (
        _("Today.", 'acctcli deal won "Roastery scales"'),
        _("Several at once, on a day.", "acctcli deal won dds6zgmdm dw4hyqec9 --on 2026-03-02"),
    ),
    "acctcli deal lost": (
        _("With the reason.", 'acctcli deal lost "Roastery scales" --reason "too late"'),
    ),
    "acctcli deal reopen": (
        _("It was not lost after all.", 'acctcli deal reopen "Crane scales, hall 2"'),
    ),
    "acctcli deal renew": (
        _("For another of its terms.", "acctcli deal renew ddnvxy9k7"),
        _("For two years from a day.", "acctcli deal renew d842yqznd --term 2y --on 2026-04-09"),
    ),
    # activities
    "acctcli activity": (
        _(
            "Plan a call.",
            'acctcli activity add "All well?" --type call --org northwind --due +2w',
        ),
        _("It is done, with what came of it.", 'acctcli activity done a9xm2tqmd --note "Fine"'),
    ),
    "acctcli activity add": (
        _(
            "Dates can be words.",
            'acctcli activity add "How are they?" --type call --org northwind --due friday',
        ),
        _(
            "One that comes again.",
            "acctcli activity add Visit --org pettigrew --due eom --repeat 'every 3 months'",
        ),
        _(
            "With every account that is late, in one commit.",
            "acctcli account list --late --format ids | acctcli activity add Call --org -",
        ),
    ),
    "acctcli activity list": (
        _("What is overdue.", "acctcli activity list --where bucket=overdue"),
        _(
            "What was done for an organization, its deals and people.",
            "acctcli activity list --org northwind --done",
        ),
    ),
    "acctcli activity show": (_("By its id.", "acctcli activity show a9xm2tqmd"),),
    "acctcli activity edit": (
        _("Another owner.", "acctcli activity edit a9xm2tqmd --set owner=Ines"),
    ),
    "acctcli activity remove": (_("It will not take place.", "acctcli activity remove a74gevjd2"),),
    "acctcli activity done": (
        _(
            "Write down what came of it, and plan the next.",
            'acctcli activity done a9xm2tqmd --note "She has none" --next call +1m',
        ),
    ),
    "acctcli activity reopen": (_("It was not done.", "acctcli activity reopen ae33r054n"),),
    "acctcli activity move": (
        _("To another day.", "acctcli activity move a9xm2tqmd friday"),
        _("To another time as well.", "acctcli activity move a9xm2tqmd +3bd --time 09:30"),
    ),
    "acctcli agenda": (
        _("What is due in the next week.", "acctcli agenda"),
        _("What Anna has to do this month.", "acctcli agenda --until eom --owner Anna"),
    ),
    # notes and files
    "acctcli note": (
        _("Write one.", 'acctcli note add "Closed in August" --org northwind'),
        _("What was noted of an organization.", "acctcli note list --org northwind"),
    ),
    "acctcli note add": (
        _("One that stays on top.", 'acctcli note add "Ring twice" --org northwind --pinned'),
        _("From another program.", "date | acctcli note add - --org northwind"),
    ),
    "acctcli note list": (
        _("Of an organization, its deals and people.", "acctcli note list --org northwind"),
    ),
    "acctcli note show": (_("By its id.", "acctcli note show n26wrbx6e"),),
    "acctcli note edit": (_("Put it on top.", "acctcli note edit n26wrbx6e --set pinned=yes"),),
    "acctcli note remove": (_("By its id.", "acctcli note remove n26wrbx6e"),),
    "acctcli file": (
        _("Put a copy into the book.", "acctcli file add contract.txt --org northwind"),
        _("Which files there are.", "acctcli file list --org northwind"),
    ),
    "acctcli file add": (
        _("A copy in the book.", "acctcli file add contract.txt --deal d842yqznd"),
        _("A link.", "acctcli file add https://photos.example.com/hall --link --org northwind"),
    ),
    "acctcli file list": (
        _("Of an organization, its deals and people.", "acctcli file list --org northwind"),
    ),
    "acctcli file show": (_("By its id.", "acctcli file show f7dabakrr"),),
    "acctcli file open": (_("Only say where it is.", "acctcli file open f7dabakrr --print"),),
    "acctcli file verify": (
        _("Are all files there, and as they were?", "acctcli file verify --all"),
    ),
    "acctcli file edit": (
        _("A field of the book's own.", "acctcli file edit f7dabakrr --set valid_until=2026-12-31"),
    ),
    "acctcli file remove": (_("By its id.", "acctcli file remove fm0neh9t8"),),
    # over all
    "acctcli report": (
        _("Who was contacted, and who was not.", "acctcli report coverage --since 90d"),
        _("What is to be renewed.", "acctcli report renewals --within 90d"),
    ),
    "acctcli report coverage": (
        _("In the last quarter of a year.", "acctcli report coverage --since 90d"),
        _(
            "By calls and meetings alone, for a script.",
            "acctcli report coverage --since 2026-01-01 --types call,meeting --format json",
        ),
    ),
    "acctcli report repeat": (
        _("Who should have bought again by now.", "acctcli report repeat --late"),
        _("New and returning customers by quarter.", "acctcli report repeat --by quarter"),
    ),
    "acctcli report renewals": (
        _("In the next three months.", "acctcli report renewals --within 90d"),
        _("Those that are past.", "acctcli report renewals --late"),
    ),
    "acctcli report health": (
        _("The worst first, with the weightiest reason.", "acctcli report health"),
        _("Only those at risk, their ids.", 'acctcli report health --word "at risk" --format ids'),
    ),
    "acctcli find": (
        _("In records of all kinds, case and accents aside.", "acctcli find niccolo"),
        _(
            "Both words, in notes and deals.",
            "acctcli find warehouse 2026 --kind notes --kind deals",
        ),
    ),
    "acctcli check": (
        _("Silent when all is well.", "acctcli check"),
        _(
            "Accounts of a tier that have nothing planned.",
            "acctcli check next-step --where tier=B",
            1,
        ),
        _("Which checks there are.", "acctcli check --list"),
        _("What could be mended safely.", "acctcli check --fix --dry-run"),
    ),
    "acctcli digest": (
        _("What is to be seen to.", "acctcli digest"),
        _(
            "Anna's, as a mail; nothing when there is nothing.",
            "acctcli digest --owner Anna --email --to anna@example.com --skip-empty",
        ),
        _("Some of its parts.", "acctcli digest --sections overdue,at-risk --format markdown"),
    ),
    "acctcli changes": (
        _("What changed with accounts in a week.", "acctcli changes --since 7d"),
        _("Since this was run last, hand edits too.", "acctcli changes --since-last monday"),
    ),
    "acctcli schema": (
        _("Which there are.", "acctcli schema"),
        _("That of a file, for an editor.", "acctcli schema deals > deals.schema.json"),
        _("All, into the book.", "acctcli schema --write"),
    ),
    "acctcli apply": (
        _("Look first.", "acctcli apply commands.jsonl --dry-run"),
        _(
            "One command a line, all of them or none.",
            """echo '{"command": ["org", "add"], "args": {"name": "Acme"}}' | acctcli apply -""",
        ),
    ),
    "acctcli help": (
        _("Of a command.", "acctcli help deal won"),
        _("Of a topic.", "acctcli help exit-codes"),
    ),
    "acctcli import": (_("Look first.", "acctcli import csv deals.csv --map map.yaml --dry-run"),),
    "acctcli import csv": (
        _("Look first.", "acctcli import csv deals.csv --map map.yaml --dry-run"),
        _("A second run changes nothing.", "acctcli import csv deals.csv --map map.yaml"),
    ),
    "acctcli rates": (_("The newest rate of each currency.", "acctcli rates list"),),
    "acctcli rates list": (
        _("Those of a day.", "acctcli rates list --date 2026-03-09"),
        _("One currency, newest first.", "acctcli rates list --currency USD --sort -date"),
    ),
    "acctcli rates import": (
        _(
            "The file of the European Central Bank.",
            "acctcli rates import eurofxref-hist.csv --since 2026-01-01",
        ),
    ),
    # what was done
    "acctcli log": (
        _("The newest commands.", "acctcli log --limit 5"),
        _("What changed a record.", "acctcli log northwind"),
    ),
    "acctcli undo": (
        _("What would be taken back.", "acctcli undo --dry-run"),
        _("The last command.", "acctcli undo"),
    ),
    "acctcli redo": (_("Redo what was undone.", "acctcli redo"),),
    "acctcli views": (_("The saved views in acctcli.yaml.", "acctcli views"),),
    "acctcli completion": (
        _(
            "bash, with bash-completion.",
            "acctcli completion bash > ~/.local/share/bash-completion/completions/acctcli",
        ),
        _("zsh, with ~/.zfunc in $fpath.", "acctcli completion zsh > ~/.zfunc/_acctcli"),
        _("fish.", "acctcli completion fish > ~/.config/fish/completions/acctcli.fish"),
    ),
}
