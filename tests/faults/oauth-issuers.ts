import type { Fault } from './fault.ts';

const claims = ['tests/api/oauth/issuer-claims.test.ts'];

export const oauthIssuerFaults: readonly Fault[] = [
	{
		title: "a provider speaks for another's issuer",
		file: 'src/lib/server/features/oauth/issuer-claims.ts',
		find: '!maySpeakFor(provider, issuer, all)',
		replace: 'false',
		tests: ['tests/api/oauth/issuer-claims.test.ts', 'tests/api/oauth/issuers.test.ts']
	},
	{
		title: 'an issuer that another provider used is taken over',
		file: 'src/lib/server/features/oauth/issuer-claims.ts',
		find: 'await store.oauthIdentities.hasIssuerOfOther(provider.id, issuer)',
		replace: 'false',
		tests: ['tests/api/oauth/issuer-claims.test.ts', 'tests/api/oauth/issuers.test.ts']
	},
	{
		title: "a provider's document names the issuer of another provider",
		file: 'src/lib/server/features/oauth/issuer-claims.ts',
		find: 'announced.includes(issuer)',
		replace: 'false',
		tests: ['tests/api/oauth/issuer-claims.test.ts']
	},
	{
		title: "a document that announces another provider's issuer is saved",
		file: 'src/lib/server/features/settings/settings-writer.ts',
		find: 'await issuers.findClaim(settings.current, settings.asInForce(withDrafts(settings.documents, drafts)))',
		replace: 'null',
		tests: claims
	},
	{
		title: 'a key of one setting makes the server read documents',
		file: 'src/lib/server/features/settings/settings-writer.ts',
		after: 'async #checkIssuers(',
		find: 'requireAll(auth)',
		replace: 'undefined',
		tests: claims
	},
	{
		title: "a provider signs in by another's issuer once it is saved",
		file: 'src/lib/server/features/oauth/oauth-flow.service.ts',
		find: 'await this.#deps.issuers.isOfOther(provider, verified.issuer)',
		replace: 'false',
		tests: claims
	},
	{
		title: "an issuer that a provider's own settings name is refused",
		file: 'src/lib/server/features/oauth/issuer-claims.ts',
		find: 'namesIssuer(provider, issuer)',
		replace: 'false',
		tests: claims
	},
	{
		title: 'a template of issuers is judged at saving',
		file: 'src/lib/server/features/oauth/issuer-claims.ts',
		find: '!isTemplate(issuer)',
		replace: 'true',
		tests: claims
	},
	{
		title: 'a logout token of an issuer that is not announced is accepted',
		file: 'src/lib/server/features/oauth/logout-token.ts',
		find: '!isIssuer(announced, iss)',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-logout.test.ts']
	},
	{
		title: 'a logout token of an unknown issuer makes the server ask its provider',
		file: 'src/lib/server/features/oauth/oauth-logout.service.ts',
		find: '!mayIssue(provider, iss) || !maySpeakFor(provider, iss, listAllProviders(settings.current))',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-logout.test.ts']
	},
	{
		title: "a logout token of another provider's issuer is accepted",
		file: 'src/lib/server/features/oauth/oauth-logout.service.ts',
		find: 'await issuers.isOfOther(provider, iss)',
		replace: 'false',
		tests: claims
	}
];
