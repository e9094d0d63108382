import type { Fault } from './fault.ts';

export const maintenanceFaults: readonly Fault[] = [
	{
		title: 'everything stays open during maintenance',
		file: 'src/lib/server/features/maintenance/maintenance-token.http.ts',
		find: 'requested?.isOpenInMaintenance === true',
		replace: 'true',
		tests: ['tests/api/maintenance/mode.test.ts']
	},
	{
		title: 'closed forms of open pages work during maintenance',
		file: 'src/lib/server/platform/http/route-operation.ts',
		find: 'requested.isOpenInMaintenance && action.isOpenInMaintenance',
		replace: 'requested.isOpenInMaintenance || action.isOpenInMaintenance',
		tests: ['tests/api/maintenance/mode.test.ts', 'tests/api/maintenance/pages.test.ts']
	},
	{
		title: 'a maintenance token with any signature is accepted',
		file: 'src/lib/server/features/maintenance/tokens.ts',
		find: `jwtVerify(token, toKey(secret), {
			algorithms: ['HS256'],
			requiredClaims: ['username', 'iat', 'exp']
		})`,
		replace: "{ payload: JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) }",
		tests: ['tests/api/maintenance/mode.test.ts']
	},
	{
		title: 'a token of an earlier period ends maintenance',
		file: 'src/lib/server/features/maintenance/maintenance.service.ts',
		find: "credential.kind === 'maintenance' && credential.period !== isOfPeriod",
		replace: 'false',
		tests: ['tests/api/races/ended-credentials.test.ts']
	},
	{
		title: "another site's page ends maintenance by the cookie",
		file: 'src/lib/server/features/maintenance/maintenance-token.http.ts',
		find: '{ token: kept, isAmbient: true }',
		replace: '{ token: kept, isAmbient: false }',
		tests: ['tests/api/maintenance/mode.test.ts']
	},
	{
		title: 'maintenance does not end at its time',
		file: 'src/lib/server/features/maintenance/state.ts',
		find: "state.kind === 'on' && state.details.endsAtMs !== null && state.details.endsAtMs <= nowMs",
		replace: 'false',
		tests: ['tests/api/maintenance/times.test.ts']
	},
	{
		title: 'announced maintenance does not begin',
		file: 'src/lib/server/features/maintenance/state.ts',
		find: 'startsAtMs <= nowMs',
		replace: 'false',
		tests: ['tests/api/maintenance/times.test.ts']
	},
	{
		title: 'the times of an earlier period apply to this one',
		file: 'src/lib/server/features/maintenance/state.ts',
		find: 'details?.secret === secret',
		replace: 'details',
		tests: ['tests/api/maintenance/times.test.ts']
	},
	{
		title: 'every period has the same secret',
		file: 'src/lib/server/features/maintenance/state.ts',
		find: "randomBytes(64).toString('hex')",
		replace: "'0'.repeat(128)",
		tests: ['tests/api/maintenance/mode.test.ts']
	}
];
