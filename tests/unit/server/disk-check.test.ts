import { expect, it } from 'vitest';
import { judgeSpace } from '#lib/server/app/doctor/disk-check.ts';

it.each([
	[99, 'problem', '99 MiB'],
	[100, 'warning', '100 MiB'],
	[1_023, 'warning', '1023 MiB'],
	[1_024, 'ok', '1.0 GiB'],
	[42_000, 'ok', '41.0 GiB']
])('%d MiB of free space is judged as %s', (free, status, words) => {
	expect(judgeSpace(free, '/data')).toMatchObject({ status, message: `${words} free for /data.` });
});
