import type { Fault } from './fault.ts';

const atRest = ['tests/api/secrets/at-rest.test.ts'];
const keys = ['tests/unit/secrets/open-vault.test.ts'];
const signOut = ['tests/api/sign-in/sign-out.test.ts'];

export const secretFaults: readonly Fault[] = [
	{
		title: 'tokens carry no random part',
		file: 'src/lib/server/platform/caller/access-tokens.ts',
		find: "randomBytes(tokenIdBytes).toString('base64url')",
		replace: "''",
		tests: atRest
	},
	{
		title: 'a token that looks like one of Immich is accepted for any session that is found',
		file: 'src/lib/server/features/sessions/session-manager.ts',
		find: '!areHashesEqual(identity.tokenHash, tokenHash)',
		replace: 'false',
		tests: ['tests/api/credentials/immichs-own.test.ts']
	},
	{
		title: 'secrets of settings are stored in clear',
		file: 'src/lib/server/features/settings/settings.repository.ts',
		find: "document === 'system' ? this.#vault.sealInMirror(context, text) : this.#vault.seal(context, text)",
		replace: 'text',
		tests: atRest
	},
	{
		title: 'settings are encrypted although Immich reads them',
		file: 'src/lib/server/platform/secrets/vault.ts',
		find: 'this.isShared ? text : this.seal(context, text)',
		replace: 'this.seal(context, text)',
		tests: atRest
	},
	{
		title: 'a plain signing secret of an earlier version stays',
		file: 'src/lib/server/features/settings/signing-secret.repository.ts',
		find: 'isSealed && plain',
		replace: 'plain',
		tests: atRest
	},
	{
		title: 'the nonce of a sign-in is stored in clear',
		file: 'src/lib/server/features/oauth/oauth-flow.repository.ts',
		find: 'this.#vault.seal(nonceContext, nonce)',
		replace: 'nonce',
		tests: atRest
	},
	{
		title: 'a key is made for a database that has one',
		file: 'src/lib/server/platform/secrets/open-vault.ts',
		find: '!found && stored',
		replace: 'false',
		tests: keys
	},
	{
		title: 'the key file stays readable for others',
		file: 'src/lib/server/platform/secrets/master-key.ts',
		find: 'chmod(file, 0o600)',
		replace: 'chmod(file, 0o644)',
		tests: ['tests/unit/secrets/vault.test.ts']
	},
	{
		title: 'hashes are written as Immich cannot read them',
		file: 'src/lib/server/platform/crypto/password-hasher.ts',
		find: "'$2b$'",
		replace: "'$2y$'",
		tests: ['tests/api/credentials/immichs-own.test.ts']
	},
	{
		title: 'the sign-out page leads to whatever its cookie says',
		file: 'src/lib/server/features/oauth/oauth-logout.service.ts',
		find: 'purpose === addressPurpose && leftMs > 0 && leftMs <= addressMs ? (address ?? null) : null',
		replace: 'sealed',
		tests: signOut
	},
	{
		title: 'a refused cookie is not noticed',
		file: 'src/lib/server/platform/http/cookies.ts',
		find: 'locals.auth === null && !cookies.get(accessTokenCookie)',
		replace: 'false',
		tests: signOut
	},
	{
		title: 'hidden users show their email address',
		file: 'src/lib/server/features/users/user.service.ts',
		find: 'id === auth.user.id || this.#areUsersShown(auth)',
		replace: 'true',
		tests: ['tests/api/users/people.test.ts']
	},
	{
		title: 'storage labels may differ in case',
		file: 'src/lib/server/features/users/user.repository.ts',
		find: 'label && (await this.listTakenLabels([label], holderId)).length > 0',
		replace: 'false',
		tests: ['tests/api/users/storage-labels.test.ts']
	},
	{
		title: 'a lockout lasts as long as the clock was ahead',
		file: 'src/lib/server/platform/rate-limits/rate-limiter.ts',
		find: 'state.msBeforeNext <= this.#limiter.duration * 1_000',
		replace: 'true',
		tests: ['tests/api/sign-in/clock.test.ts']
	},
	{
		title: 'a session stays unlocked as long as the clock was ahead',
		file: 'src/lib/server/platform/caller/caller.ts',
		find: 'leftMs > 0 && leftMs <= unlockedMs',
		replace: 'leftMs > 0',
		tests: ['tests/api/sign-in/clock.test.ts']
	},
	{
		title: 'open websockets outlive their session',
		file: 'src/lib/server/features/sessions/session-manager.ts',
		find: 'identities.filter((identity) => !isOverAge(identity, limits, now))',
		replace: 'identities',
		tests: ['tests/api/realtime/session-age.test.ts']
	},
	{
		title: 'open websockets are not looked at by the clock',
		file: 'src/lib/server/features/realtime/gateway.ts',
		find: 'setInterval(() => this.#recheck.add(null), ageCheckMs)',
		replace: 'setInterval(() => undefined, ageCheckMs)',
		tests: ['tests/unit/realtime/age-check.test.ts']
	}
];
