import type { Fault } from './fault.ts';

const bounds = ['tests/contract/bounds.test.ts'];

/** Upper limits of what clients send. */
export const textLimitFaults: readonly Fault[] = [
	{
		title: 'a password of any length is sent',
		file: 'src/lib/contract/fields.ts',
		find: 'z.string().max(4_096)',
		replace: 'z.string()',
		tests: bounds
	},
	{
		title: 'a name of any length is sent',
		file: 'src/lib/contract/fields.ts',
		find: 'z.string().max(1_000)',
		replace: 'z.string()',
		tests: bounds
	},
	{
		title: 'a setting has any length',
		file: 'src/lib/contract/settings/document/fields.ts',
		find: 'z.string().max(10_000)',
		replace: 'z.string()',
		tests: bounds
	},
	{
		title: 'a notification has a title of any length',
		file: 'src/lib/contract/notifications/notification.ts',
		after: 'export const NotificationCreateDto',
		find: 'z.string().max(20_000)',
		replace: 'z.string()',
		tests: bounds
	},
	{
		title: 'any number of notifications is changed',
		file: 'src/lib/contract/notifications/notification.ts',
		find: 'z.array(uuid).min(1).max(1_000)',
		replace: 'z.array(uuid).min(1)',
		tests: bounds
	}
];
