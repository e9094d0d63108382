import { expect, it } from 'vitest';
import { isToRun } from '#lib/server/features/jobs/nightly.ts';

const [due, now] = [new Date('2026-05-04T00:00:00Z'), new Date('2026-05-04T09:00:00Z')];

it.each([
	['of the night before', '2026-05-03T00:00:00Z', true],
	['of this night', '2026-05-04T00:00:00Z', false],
	['by a server whose clock is a little ahead', '2026-05-04T09:30:00Z', false],
	['of a night to come, before the clock was set back', '2026-05-09T00:00:00Z', true]
])('is due after a run %s (%s): %s', (_, last, expected) => {
	expect(isToRun({ due: last }, due, now)).toBe(expected);
});
