"""The path of proof and the causes of a broken chain, from `spec/breaks.md` alone. Section numbers are of that page.

An event is an object with: hash, link, own, seq (None where there is none), readable, tenant, mac (True, False, None = not
tested), relinked(link) -> its hash with another link. Lists here start at 1, as in the specification.
"""
import itertools


class Break:
    def __init__(self, event, cause, section, missing=None, exact=True, run=1):
        self.event, self.cause, self.section, self.missing, self.exact, self.run = event, cause, section, missing, exact, run


class Path:
    def __init__(self, events, tenant, first_link, last_hash, count, genesis, trusted):
        self.event = [None, *events]
        self.n, self.tenant, self.L, self.count, self.trusted = len(events), tenant, last_hash, count, trusted
        self.first_link, self.genesis = first_link, genesis
        self.h = [None] + [e.hash for e in events]
        self.p = [None] + [e.link for e in events]
        self.s = [None] + [e.seq for e in events]
        self.breaks, self.gaps_in_sequence, self.seq_edited = [], [], set()
        self.relinked, self.first_links_differ = set(), None
        self.visited, self.order, self.proven, self.explained, self.accused = set(), [], set(), set(), set()
        self.pairs, self.gaps, self.head, self.head_is_explained = [], [], None, False
        if self.n:
            self.mend()
            self.place_events()
            self.walk()
            self.step_over()
            self.judge_order()
            self.judge_gaps()

    # Section 2: words.

    def starts(self, i):
        """The values of F for event i."""
        values = [] if self.first_link is None else [self.first_link]
        if self.genesis and self.s[i] == 1 and self.genesis not in values:
            values.append(self.genesis)
        return values

    def seam(self, i):
        """The seam on the left of i: True holds, False broken, None silent."""
        if self.p[i] is None:
            return None
        if i > 1:
            return self.p[i] == self.h[i - 1]
        return self.p[1] in self.starts(1) if self.starts(1) else None

    def next_link(self, i):
        return self.p[i + 1] if i < self.n else self.L

    def foreign(self, i):
        return self.event[i].readable and self.event[i].tenant is not None and self.event[i].tenant != self.tenant

    def report(self, event, cause, section, **more):
        """One cause at one event is one break (section 10)."""
        if any(b.event == event and b.cause == cause for b in self.breaks):
            return
        self.breaks.append(Break(event, cause, section, **more))

    def mend(self):
        """Section 3."""
        for e in range(1, self.n + 1):
            if self.p[e] is None or self.seam(e) is not False or self.h[e] == self.next_link(e):
                continue
            for link in self.starts(1) if e == 1 else [self.h[e - 1]]:
                mended, behind = self.event[e].relinked(link), self.next_link(e)
                leads_past = behind is not None and (behind in self.h or behind in (self.first_link, self.genesis))
                if mended == behind or mended == self.event[e].own and not leads_past:
                    self.h[e], self.p[e] = mended, link
                    self.relinked.add(e)
                    self.report(e, "relinked", 3)
                    break

    def place_events(self):
        run, self.place = [0] * (self.n + 1), {}
        for i in range(1, self.n + 1):
            run[i] = run[i - 1] + 1 if self.seam(i) else 0
            if self.h[i] not in self.place or run[i] > run[self.place[self.h[i]]]:
                self.place[self.h[i]] = i
        self.misplaced = {i for i in range(1, self.n + 1) if self.place[self.h[i]] != i}

    def consistent(self):
        """Visited, not proven, and not accused (section 4): from the event of a `modified` or `reforged` to the broken seam."""
        accused = self.accused | {b.event for b in self.breaks if b.cause == "modified"}
        for b in self.breaks:
            if b.cause == "reforged":
                accused |= set(range(b.event, self.end + 1))
        return self.visited - self.proven - accused

    # Section 4: the walk.

    def walk(self):
        at, first = self.begin()
        while at is not None:
            self.visited.add(at)
            self.order.append(at)
            if first and self.trusted:
                self.proven.add(at)
            link = self.p[at]
            if link is not None and link in self.starts(at):
                self.start = at
                return
            named = self.place.get(link)
            if named is not None and named not in self.visited and named not in self.explained:
                self.pairs.append((named, at))
                at = named
                continue
            first = False
            at = self.go_on(at, is_gap=link is not None and named is None)

    def begin(self):
        if self.L in self.place:
            return self.place[self.L], True
        if self.L is None:
            named = set(self.p[1:])
            unnamed = [i for i in range(1, self.n + 1) if self.h[i] not in named and i not in self.misplaced]
            return (unnamed or [self.n])[-1], False
        z = max(i for i in range(1, self.n + 1) if i not in self.misplaced)
        return self.judge_end(z), False

    def before(self, g):
        for i in range(g - 1, 0, -1):
            if i not in self.visited and i not in self.misplaced and i not in self.explained:
                return i
        return None

    def go_on(self, g, is_gap):
        i = self.before(g)
        if i is None:
            self.head, self.head_is_explained = g, not is_gap
            return None
        if not is_gap:
            return i
        for last in (g - 1, i) if g - 1 not in self.visited and self.p[i] is not None else (i,):
            run = self.splice_ending_in(last)
            if run is not None:
                after = self.explain_splice(run, last, 6)
                self.head_is_explained = after is None
                return after
        self.gaps.append((g, i))
        return i

    def splice_ending_in(self, i):
        """Section 6, row 2 (row 1 comes first): the first event of the foreign run, if its left seam is broken."""
        if self.p[i] is None or not self.foreign(i):
            return None
        while i > 1 and self.seam(i) and self.foreign(i - 1):
            i -= 1
        return i if self.seam(i) is False else None

    def explain_splice(self, run, i, section):
        self.report(run, "spliced", section, run=i - run + 1)
        self.explained |= set(range(run, i + 1))
        return self.before(run)

    # Section 8: the end, with section 9.

    def judge_end(self, z):
        self.end = None
        if self.p[z] is None:
            self.report(z, "modified", 8)
        elif self.splice_ending_in(z) is not None:
            at = self.explain_splice(self.splice_ending_in(z), z, 8)
            self.head_is_explained = at is None
            return at
        elif self.event[z].own == self.L:
            self.report(z, "modified", 8)
        else:
            self.end = z
        return z

    def judge_unexplained_end(self):
        z, missing = self.end, self.unaccounted()
        failing = self.failing_macs(z)
        if missing is not None and missing >= 1:
            self.report(z, "tail-cut", 8, missing=missing)
        elif failing:
            self.report(failing[0], "modified" if failing[0] == z else "reforged", 8)
        else:
            self.report(z, "reforged", 8)

    def failing_macs(self, i):
        """The events whose MAC fails in the run of holding seams that ends in i; none if every MAC of the file fails."""
        tested = [e for e in self.event[1:] if e.mac is not None]
        if all(not e.mac for e in tested):
            return []
        first = i
        while first > 1 and self.seam(first):
            first -= 1
        return [e for e in range(first, i + 1) if self.event[e].mac is False]

    # Section 5.

    def step_over(self):
        names = {self.h[i] for i in self.visited}
        by_link = {}
        for i in sorted(self.visited):
            by_link[self.p[i]] = i
        left = [i for i in range(1, self.n + 1) if i not in self.visited and i not in self.explained]
        self.stepped = len(left) + len(self.explained)

        def kind(i):
            return "duplicated" if self.h[i] in names else "spliced" if self.foreign(i) else "inserted"

        for _, run in itertools.groupby(enumerate(left), lambda pair: (pair[1] - pair[0], kind(pair[1]))):
            run = [i for _, i in run]
            at, cause = run[0], kind(run[0])
            if cause == "inserted" and not self.trusted and self.p[at] is not None and self.p[at] in by_link:
                at, cause = max(at, by_link[self.p[at]]), "forked"
            self.report(at, cause, 5, run=len(run))

    def judge_order(self):
        order = self.order[::-1]
        if order == sorted(order):
            return
        if len(order) == self.n >= 3 and order == sorted(order, reverse=True):
            return self.report(1, "reordered", 5, run=self.n)
        position = {event: k for k, event in enumerate(order)}
        for size in range(1, len(order)):
            found = []
            for moved in itertools.combinations(sorted(order), size):
                rest = [i for i in order if i not in moved]
                if rest == sorted(rest):
                    joined = sum(b == a + 1 and position[b] == position[a] + 1 for a, b in zip(moved, moved[1:]))
                    found.append((size - joined, moved))
            if found:
                return self.report(min(found)[1][0], "reordered", 5)

    # Sections 6, 7 and 8, in the order in which their counts depend on each other.

    def unaccounted(self):
        """M of section 4."""
        if self.count is None:
            return None
        removed = sum(b.missing for b in self.breaks if b.missing and b.exact)
        return self.count - (self.n - self.stepped) - removed

    def judge_gaps(self):
        unnumbered = [(g, i) for g, i in self.gaps if not self.judge_gap(g, i)]
        self.judge_sequence()
        head = self.judge_head()
        end = getattr(self, "end", None)
        alone = len(self.breaks) + len(unnumbered) + (head is not None) + (end is not None) == 1
        missing = self.unaccounted()
        if head is not None:
            exact = alone and missing is not None and missing >= 1
            self.report(head, "head-cut", 7, missing=missing if exact else 1, exact=exact)
        for g, i in unnumbered:
            if missing is None:
                self.report(g, "modified-or-removed", 6)
            elif missing < 1:
                self.report(i, "modified", 6)
            elif alone:
                self.report(g, "removed", 6, missing=missing)
            else:
                self.report(g, "modified-or-removed", 6)
        if end is not None:
            self.judge_unexplained_end()

    def judge_gap(self, g, i):
        event, before, behind = self.event[i], self.s[i], self.s[g]
        numbered = before is not None and behind is not None
        if self.p[i] is None or (self.p[g] == event.own and event.own != self.h[i]):
            self.report(i, "modified", 6)
        elif numbered and behind == before + 1:
            failing = self.failing_macs(i)
            tested = [e.mac for e in self.event[1:] if e.mac is not None]
            behind_fails = any(tested) and self.event[g].mac is False
            self.report(failing[0] if failing else g if behind_fails else i, "modified", 6)
            self.accused |= set(range(failing[0], i + 1)) if failing else set()
        elif numbered and self.number_was_edited(i):
            self.seq_edited.add(i)
            self.report(i, "modified", 6)
        elif numbered and behind > before + 1:
            self.report(g, "removed", 6, missing=behind - before - 1)
        elif numbered:
            self.report(i, "modified", 6)
        else:
            return False
        return True

    def number_was_edited(self, i):
        """Row 5, where row 4 does not apply."""
        if not self.seam(i):
            return False
        if i == 1:
            return self.genesis is not None and self.p[1] == self.genesis and self.s[1] != 1
        return self.s[i - 1] is not None and self.s[i] != self.s[i - 1] + 1

    def judge_sequence(self):
        for a, b in self.pairs:
            if self.s[a] is None or self.s[b] is None or self.s[b] == self.s[a] + 1 or {a, b} & self.seq_edited:
                continue
            if b not in self.proven and self.s[b] > self.s[a] + 1:
                self.report(b, "removed", 6, missing=self.s[b] - self.s[a] - 1)
            else:
                self.gaps_in_sequence.append(b)
        first = getattr(self, "start", None)
        if first and self.genesis and self.p[first] == self.genesis and (self.s[first] or 0) > 1 and first not in self.seq_edited:
            if first in self.proven:
                self.gaps_in_sequence.append(first)
            else:
                self.report(first, "removed", 6, missing=self.s[first] - 1)

    def judge_head(self):
        """Section 7; returns the head where rows 4 and 5 are left to decide."""
        first = getattr(self, "start", None)
        if first and self.genesis and self.first_link and self.s[first] == 1 and self.genesis != self.first_link:
            self.first_links_differ = (first, "chain.first-link" if self.p[first] == self.genesis else "genesis.mismatch")
        f = self.head
        if f is None or self.head_is_explained or not (self.starts(f) or self.first_link):
            return None
        if self.s[f] == 1:
            self.report(f, "head-cut", 7)
        elif self.s[f] is not None and self.genesis and self.first_link == self.genesis:
            self.report(f, "head-cut", 7, missing=self.s[f] - 1)
        else:
            return f
        return None
