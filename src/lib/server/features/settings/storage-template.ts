import { invalidStorageTemplate } from './errors.ts';
import type { StorageTemplateOptions } from '#lib/contract/settings/settings-operations.ts';

/** The date parts that templates can use (Luxon’s tokens). */
const dateParts = {
	yearOptions: ['y', 'yy'],
	monthOptions: ['M', 'MM', 'MMM', 'MMMM'],
	weekOptions: ['W', 'WW'],
	dayOptions: ['d', 'dd'],
	hourOptions: ['h', 'hh', 'H', 'HH'],
	minuteOptions: ['m', 'mm'],
	secondOptions: ['s', 'ss', 'SSS']
};

/** Immich's own examples, in its order. */
const presetOptions = [
	'{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}',
	'{{y}}/{{MM}}-{{dd}}/{{filename}}',
	'{{y}}/{{MMMM}}-{{dd}}/{{filename}}',
	'{{y}}/{{MM}}/{{filename}}',
	'{{y}}/{{#if album}}{{album}}{{else}}Other/{{MM}}{{/if}}/{{filename}}',
	'{{#if album}}{{album-startDate-y}}/{{album}}{{else}}{{y}}/Other/{{MM}}{{/if}}/{{filename}}',
	'{{y}}/{{MMM}}/{{filename}}',
	'{{y}}/{{MMMM}}/{{filename}}',
	'{{y}}/{{MM}}/{{dd}}/{{filename}}',
	'{{y}}/{{MMMM}}/{{dd}}/{{filename}}',
	'{{y}}/{{y}}-{{MM}}/{{y}}-{{MM}}-{{dd}}/{{filename}}',
	'{{y}}-{{MM}}-{{dd}}/{{filename}}',
	'{{y}}-{{MMM}}-{{dd}}/{{filename}}',
	'{{y}}-{{MMMM}}-{{dd}}/{{filename}}',
	'{{y}}/{{y}}-{{MM}}/{{filename}}',
	'{{y}}/{{y}}-{{WW}}/{{filename}}',
	'{{y}}/{{y}}-{{MM}}-{{dd}}/{{assetId}}',
	'{{y}}/{{y}}-{{MM}}/{{assetId}}',
	'{{y}}/{{y}}-{{WW}}/{{assetId}}',
	'{{album}}/{{filename}}',
	'{{make}}/{{model}}/{{lensModel}}/{{filename}}'
];

export const storageTemplateOptions: StorageTemplateOptions = { ...dateParts, presetOptions };

const dates = Object.values(dateParts).flat();
const names = [
	...dates,
	...dates.flatMap((part) => [`album-startDate-${part}`, `album-endDate-${part}`]),
	...['filename', 'ext', 'filetype', 'filetypefull', 'assetId', 'assetIdShort', 'album', 'make', 'model', 'lensModel']
];
const sample = Object.fromEntries(names.map((name) => [name, name]));

/** Longer than any useful path; Handlebars needs most of a second for 10,000 characters. */
const longestTemplate = 2_000;

/**
 * Refuses a template that Handlebars can't render with every value given, as Immich does. Templates aren't rendered here, only
 * stored. Immich also accepts `each`, `log` and inline partials; here they are refused, because nested loops and partials that
 * include each other could keep the process busy for hours, and `log` would write to our log.
 * @throws {AppError} 400 with the reason
 */
export async function checkStorageTemplate(template: string): Promise<void> {
	if (template.length > longestTemplate)
		throw invalidStorageTemplate(`it has more than ${longestTemplate.toLocaleString('en')} characters`);
	const { default: handlebars } = await import('handlebars');
	const engine = handlebars.create();
	engine.unregisterDecorator('inline');
	try {
		engine.compile(template, { strict: true, knownHelpersOnly: true, knownHelpers: { each: false, log: false } })(
			sample
		);
	} catch (error) {
		throw invalidStorageTemplate(reasonOf(error));
	}
}

/** The first and last line of Handlebars' message; those between quote the template. */
function reasonOf(error: unknown): string {
	const [first = '', ...more] = error instanceof Error ? error.message.split('\n') : [];
	return [first, ...more.slice(-1)].join(' ');
}
