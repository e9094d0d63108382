import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isMet } from '../../../bench/targets.ts';
import { filesIn } from '#tests/support/source-files.ts';

const figure = (measured: string, ratio: string, aim: string) => ({ what: 'x', against: '', measured, ratio, aim });

describe('benchmark targets', () => {
	it.each([
		['99 ms', '3', '< 100 ms', true],
		['100 ms', '3', '< 100 ms', false],
		['5.01 s', '1', '< 5 s', false],
		['2000', '0.70', '≥ 0.70 (Immich: 0.24)', true],
		['2000', '0.69', '≥ 0.70 (Immich: 0.24)', false],
		['21 ms', '2.01', '≤ 2', false],
		['0.18 ms', '4.9 %', '< 5 %', true],
		['0.18 ms', '5.0 %', '< 5 %', false],
		['0', '0.00', '= 0 requests (Immich: away)', true],
		['1', '0.00', '= 0 requests (Immich: away)', false],
		['130.1 kB', '0.8', '≤ 130 kB', false]
	])('%s, ratio %s, target %s: %s', (measured, ratio, aim, wanted) => {
		expect(isMet(figure(measured, ratio, aim))).toBe(wanted);
	});

	it.each(['flat', 'as fast as can be', '< 100', '~ 3 ms'])('throws for a target that cannot be checked: %s', (aim) => {
		expect(() => isMet(figure('5 ms', 'fast', aim))).toThrow('cannot be checked');
	});

	it('all targets can be checked', () => {
		const aims = filesIn('bench', /\.ts$/).flatMap((file) =>
			[...readFileSync(file, 'utf8').matchAll(/\baim: '(.*)'/g)].map(([, aim]) => aim ?? '')
		);
		expect(aims.length).toBeGreaterThan(15);
		for (const aim of aims) {
			const unit = / (ms|s|kB|KiB)\b/.exec(aim.replace(/\(.*/, ''))?.[0] ?? '';
			expect(isMet(figure(`1${unit}`, aim.includes('%') ? '1 %' : '1', aim))).toBeTypeOf('boolean');
		}
	});
});
