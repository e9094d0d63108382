import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	diffImmichAuthConfig,
	ImmichAuthConfigDto,
	immichAuthConfigDefaults,
	mergeImmichAuthConfig
} from '#lib/contract/settings/document/immich-auth.ts';
import { oauthProviderDefaults } from '#lib/contract/settings/document/oauth-providers.ts';
import { throughJson } from '#tests/support/settings.ts';

describe('our own settings document', () => {
	const anyAge = fc.record({
		idleDays: fc.integer({ min: 1, max: 3650 }),
		lifetimeDays: fc.integer({ min: 0, max: 3650 })
	});
	const anyTrust = fc.record({
		expectedIssuer: fc.constantFrom('', 'https://one.test/tenant'),
		linkByEmail: fc.constantFrom('withoutPassword' as const, 'verified' as const),
		emailTrust: fc.constantFrom('verified' as const, 'register' as const, 'always' as const),
		applyClaimsAtSignIn: fc.boolean(),
		allowPrivatePictures: fc.boolean(),
		requireLogoutTokenType: fc.boolean()
	});
	const anyProvider = fc
		.tuple(anyTrust, fc.boolean(), fc.integer({ min: 1, max: 100 }))
		.map(([trust, enabled, position]) => ({
			...oauthProviderDefaults,
			...trust,
			enabled,
			position,
			issuerUrl: 'https://one.test',
			clientId: 'photos'
		}));
	const anyAuthConfig = fc.record({
		passwords: fc.record({
			temporaryLifetimeDays: fc.integer({ min: 1, max: 365 }),
			enforceChange: fc.boolean(),
			allowCommon: fc.boolean()
		}),
		credentials: fc.record({ acceptInQuery: fc.boolean() }),
		sessions: fc.record({ web: anyAge, mobile: anyAge, other: anyAge }),
		cookies: fc.record({ alwaysSecure: fc.boolean() }),
		partners: fc.record({ mustAccept: fc.boolean() }),
		oauth: fc.record({
			first: anyTrust,
			providers: fc.dictionary(fc.stringMatching(/^[a-hj-z0-9]{1,8}$/), anyProvider, { maxKeys: 10 })
		})
	});

	it('accepts its own defaults unchanged', () => {
		expect(ImmichAuthConfigDto.parse(immichAuthConfigDefaults)).toEqual(immichAuthConfigDefaults);
		expect(diffImmichAuthConfig(immichAuthConfigDefaults)).toEqual({});
	});

	it('round-trips through storage', () => {
		fc.assert(
			fc.property(anyAuthConfig, (config) => {
				expect(mergeImmichAuthConfig(throughJson(diffImmichAuthConfig(config)))).toEqual({ config, problems: [] });
			})
		);
	});

	it('never throws on any JSON', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (json) => {
				for (const stored of [
					json,
					{ passwords: json },
					{ oauth: json },
					{ oauth: { providers: json } },
					{ oauth: { providers: { a: json } } },
					{ passwords: { temporaryLifetimeDays: json } }
				])
					expect(ImmichAuthConfigDto.safeParse(mergeImmichAuthConfig(stored).config).success).toBe(true);
			})
		);
	});

	it('falls back to its safe default if a stored value is out of bounds', () => {
		const { config, problems } = mergeImmichAuthConfig({
			passwords: { temporaryLifetimeDays: 366, enforceChange: false }
		});
		expect(config.passwords).toEqual({ temporaryLifetimeDays: 7, enforceChange: false, allowCommon: false });
		expect(problems.map(({ path }) => path)).toEqual([['passwords', 'temporaryLifetimeDays']]);
	});
});
