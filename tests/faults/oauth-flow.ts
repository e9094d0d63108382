import type { Fault } from './fault.ts';

export const oauthFlowFaults: readonly Fault[] = [
	{
		title: 'a user name hides the host of a redirect URI',
		file: 'src/lib/server/features/oauth/flow.ts',
		find: "!url || url.username !== '' || url.password !== ''",
		replace: '!url',
		tests: ['tests/api/oauth/hostile-flow.test.ts']
	},
	{
		title: 'a redirect URI may run a script',
		file: 'src/lib/server/features/oauth/flow.ts',
		find: "isWeb(url) || url.protocol.includes('.') ? url : null",
		replace: 'url',
		tests: ['tests/api/oauth/hostile-flow.test.ts']
	},
	{
		title: 'another provider leads back to an app',
		file: 'src/lib/server/features/oauth/flow.ts',
		find: 'url && isWeb(url)',
		replace: 'url',
		tests: ['tests/api/oauth/mix-up.test.ts']
	},
	{
		title: "the first provider takes another's redirect URI",
		file: 'src/lib/server/features/oauth/flow.ts',
		find: 'parseRedirectUri(uri) && providerAt(uri) === firstProviderId',
		replace: 'parseRedirectUri(uri)',
		tests: ['tests/api/oauth/mix-up.test.ts']
	},
	{
		title: 'a redirect URI hides the provider it leads to behind dots',
		file: 'src/lib/server/features/oauth/flow.ts',
		find: 'new URL(url).pathname',
		replace: "(url.split(/[?#]/)[0] ?? '')",
		tests: ['tests/api/oauth/mix-up.test.ts']
	},
	{
		title: 'a redirect URI hides the provider by encoding letters',
		file: 'src/lib/server/features/oauth/flow.ts',
		find: 'decodePath(path)',
		replace: 'path',
		tests: ['tests/api/oauth/mix-up.test.ts']
	},
	{
		title: 'another provider takes any path',
		file: 'src/lib/server/features/oauth/flow.ts',
		find: '`${url.origin}${getRedirectPath(provider.id)}`',
		replace: 'wanted',
		tests: ['tests/api/oauth/mix-up.test.ts']
	},
	{
		title: "an answer's state is not compared",
		file: 'src/lib/server/features/oauth/provider-client.ts',
		find: 'answer.state',
		replace: "answer.parameters.get('state') ?? answer.state",
		tests: ['tests/api/oauth/hostile-flow.test.ts']
	},
	{
		title: 'every flow has the same nonce',
		file: 'src/lib/server/features/oauth/provider-client.ts',
		find: "randomBytes(nonceBytes).toString('base64url')",
		replace: "'nonce'",
		tests: ['tests/api/oauth/sign-in.test.ts']
	},
	{
		title: 'no code challenge is sent',
		file: 'src/lib/server/features/oauth/provider-client.ts',
		find: "takesChallenges(metadata) ? { code_challenge: codeChallenge, code_challenge_method: 'S256' } : {}",
		replace: '{}',
		tests: ['tests/api/oauth/sign-in.test.ts']
	},
	{
		title: 'no code verifier is sent',
		file: 'src/lib/server/features/oauth/provider-client.ts',
		find: 'takesChallenges(metadata) ? { pkceCodeVerifier: answer.codeVerifier } : {}',
		replace: '{}',
		tests: ['tests/api/oauth/sign-in.test.ts']
	},
	{
		title: 'challenges are left out where methods are not listed',
		file: 'src/lib/server/features/oauth/provider-metadata.ts',
		find: "methods === undefined || methods.includes('S256')",
		replace: "methods?.includes('S256') === true",
		tests: ['tests/api/oauth/provider-exchange.test.ts']
	},
	{
		title: 'the state alone opens a flow',
		file: 'src/lib/server/features/oauth/flow.ts',
		find: 'hashSecret(JSON.stringify([state, codeChallenge]))',
		replace: 'hashSecret(state)',
		tests: ['tests/api/oauth/hostile-flow.test.ts']
	},
	{
		title: 'a code challenge serves twice',
		file: 'src/lib/server/features/oauth/oauth-flow.service.ts',
		find: '!(await store.oauthFlows.begin(flow, challenge))',
		replace: '(await store.oauthFlows.begin(flow, challenge)) && false',
		tests: ['tests/api/oauth/mix-up.test.ts']
	},
	{
		title: 'a flow does not end',
		file: 'src/lib/server/features/oauth/oauth-flow.repository.ts',
		find: '!row || row.expiresAt.getTime() <= Date.now()',
		replace: '!row',
		tests: ['tests/api/oauth/hostile-flow.test.ts']
	},
	{
		title: 'a flow serves for something else',
		file: 'src/lib/server/features/oauth/oauth-flow.service.ts',
		find: '!expected.kinds.includes(kind)',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-link.test.ts', 'tests/api/oauth/provider-test.test.ts']
	},
	{
		title: "another user's flow is finished",
		file: 'src/lib/server/features/oauth/oauth-flow.service.ts',
		find: "kind !== 'signIn' && userId !== expected.userId",
		replace: 'false',
		tests: ['tests/api/oauth/hostile-link.test.ts']
	},
	{
		title: "an answer arrives at another provider's redirect URI",
		file: 'src/lib/server/features/oauth/oauth-flow.service.ts',
		find: 'providerAt(url) !== flow.providerId',
		replace: 'false',
		tests: ['tests/api/oauth/mix-up.test.ts']
	},
	{
		title: 'a program links a provider without a recent sign-in',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		find: "kind !== 'signIn' || (await this.#deps.proofs.isRecent(auth))",
		replace: 'true',
		tests: ['tests/api/oauth/link-proof.test.ts']
	},
	{
		title: 'linking starts on a page without a proof',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		find: "await this.#deps.proofs.require(auth, currentPassword, 'oauth.link')",
		replace: 'undefined',
		tests: ['tests/api/oauth/link-proof.test.ts']
	},
	{
		title: 'an ID token for another client is accepted',
		file: 'src/lib/server/features/oauth/provider-client.ts',
		find: 'claims.azp !== undefined && claims.azp !== provider.clientId',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-tokens.test.ts']
	},
	{
		title: 'an ID token of the future is accepted',
		file: 'src/lib/server/features/oauth/provider-client.ts',
		find: 'claims.iat > Date.now() / 1_000 + aheadSeconds',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-tokens.test.ts']
	},
	{
		title: 'a tenant speaks for another',
		file: 'src/lib/server/features/oauth/provider-client.ts',
		find: 'toTenantIssuer(announced, tid) !== iss || !isAsExpected || (announcedBy !== null && announcedBy !== iss)',
		replace: 'false',
		tests: ['tests/api/oauth/issuers.test.ts']
	},
	{
		title: 'an unsigned ID token is accepted',
		file: 'src/lib/server/features/oauth/provider-client.ts',
		find: 'enableNonRepudiationChecks(configuration)',
		replace: 'undefined',
		tests: ['tests/api/oauth/hostile-tokens.test.ts']
	},
	{
		title: 'a logout token serves twice',
		file: 'src/lib/server/features/oauth/oauth-logout.service.ts',
		find: '!(await oauthFlows.useLogoutToken(issuer, claims.jti, getLogoutTokenExpiry(claims)))',
		replace: '!(await oauthFlows.useLogoutToken(issuer, claims.jti, getLogoutTokenExpiry(claims))) && false',
		tests: ['tests/api/oauth/logout.test.ts']
	},
	{
		title: 'an old logout token is accepted',
		file: 'src/lib/server/features/oauth/logout-token.ts',
		find: 'ageSeconds > maxAgeSeconds + clockToleranceSeconds || ageSeconds < -clockToleranceSeconds',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-logout.test.ts']
	},
	{
		title: 'a logout token for another client is accepted',
		file: 'src/lib/server/features/oauth/logout-token.ts',
		find: '![claims.aud].flat().includes(clientId)',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-logout.test.ts']
	},
	{
		title: 'another site chooses the provider',
		file: 'src/lib/server/features/oauth/oauth-sign-in.http.ts',
		find: "classifySender(request.headers, url.origin) === 'foreign' ? null : named",
		replace: 'named',
		tests: ['tests/api/oauth/pages.test.ts', 'tests/api/oauth/hostile-page.test.ts']
	},
	{
		title: 'the way on after a provider leads to another server',
		file: 'src/lib/server/features/oauth/oauth-sign-in.http.ts',
		find: 'safePath(cookies.get(continueCookie) ?? null)',
		replace: "cookies.get(continueCookie) ?? '/'",
		tests: ['tests/api/oauth/hostile-page.test.ts']
	},
	{
		title: 'the session that a sign-in replaces stays',
		file: 'src/lib/server/features/oauth/oauth-sign-in.http.ts',
		find: "previous?.credential.kind === 'session'",
		replace: 'false',
		tests: ['tests/api/oauth/pages.test.ts', 'tests/api/oauth/sessions.test.ts']
	},
	{
		title: 'a picture is taken from a private network',
		file: 'src/lib/server/features/oauth/pictures.ts',
		find: `{
		allowPrivateIPAddress: limits.allowPrivatePictures,
		allowMetaIPAddress: limits.allowPrivatePictures
	}`,
		replace: '{ allowPrivateIPAddress: true, allowMetaIPAddress: true }',
		tests: ['tests/api/oauth/pictures.test.ts']
	},
	{
		title: 'a picture has any size',
		file: 'src/lib/server/features/oauth/pictures.ts',
		after: 'readBounded(response, ',
		find: 'maxProfileImageBytes',
		replace: 'Infinity',
		tests: ['tests/api/oauth/pictures.test.ts']
	}
];
