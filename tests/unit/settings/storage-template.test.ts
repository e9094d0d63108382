import { describe, expect, it } from 'vitest';
import { checkStorageTemplate, storageTemplateOptions } from '#lib/server/features/settings/storage-template.ts';
import { measureTurns } from '#tests/support/turns.ts';

describe('a storage template', () => {
	it.each([...storageTemplateOptions.presetOptions, '', 'plain', '{{~ y ~}}', 'a{b}c', '{{y}}}'])(
		'is accepted: %j',
		(template) => {
			expect(() => checkStorageTemplate(template)).not.toThrow();
		}
	);

	it.each([
		'{{y',
		'y}}',
		'{{y}} {{',
		'}} {{y}}',
		'{{{y}}}',
		'{{nothing}}',
		'{{#if album}}',
		'{{/if}}',
		'{{#each album}}'
	])('is refused: %j', (template) => {
		expect(() => checkStorageTemplate(template)).toThrow();
	});

	it.each(['{{', '{', '{{ ', '}}', '{{#'])(
		'takes no longer for unmatched braces than for a valid one: %j',
		async (piece) => {
			const length = 200_000;
			const valid = '{{y}}/'.repeat(length / 6);
			const hostile = piece.repeat(length / piece.length);
			const work = async (template: string) => {
				const { total } = await measureTurns(async () => {
					try {
						checkStorageTemplate(template);
					} catch {
						// Rejected, as expected.
					}
					return Promise.resolve();
				});
				return total;
			};
			const reference = await work(valid);
			expect(await work(hostile)).toBeLessThan(10 * reference);
		}
	);
});
