import type { Fault } from './fault.ts';

const file = 'src/lib/server/platform/http/rendered-json.ts';
const tests = ['tests/unit/http/rendered-json.test.ts'];

/** Faults in rendering replies as JSON. */
export const replyFaults: readonly Fault[] = [
	{
		title: 'replies: fields outside the schema are sent',
		file,
		find: 'JSON.stringify(schema.parse(reply))',
		replace: 'JSON.stringify(reply)',
		tests
	},
	{
		title: 'replies: JSON of another schema is reused',
		file,
		find: 'cached?.schema === schema',
		replace: 'cached',
		tests
	},
	{
		title: 'replies: JSON of a reply that can change is reused',
		file,
		find: 'Object.isFrozen(value)',
		replace: 'true',
		tests
	},
	{
		title: 'replies: a list inside a frozen reply counts as frozen',
		file,
		find: '!isObject(item) || isImmutable(item)',
		replace: 'true || item',
		tests
	},
	{
		title: 'replies: a frozen date counts as immutable',
		file,
		find: '[Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value) as object)',
		replace: 'true',
		tests
	}
];
