import { describe, expect, it } from 'vitest';
import { isIssuer, toTenantIssuer, mayAnnounce, maySpeakFor, namesIssuer } from '#lib/server/features/oauth/issuer.ts';

const template = 'https://login.microsoftonline.com/{tenantid}/v2.0';
const tenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';
const common = 'https://login.microsoftonline.com/common/v2.0';
const documentUrl = 'http://keycloak:8080/realms/home/.well-known/openid-configuration';
const configured = (issuerUrl: string, expectedIssuer = '', id = 'immich') => ({ id, issuerUrl, expectedIssuer });

describe('an announced issuer', () => {
	it.each([
		['https://id.test', 'https://id.test', true],
		['https://id.test', 'https://id.test/', false],
		[template, template.replace('{tenantid}', tenantId), true],
		[template, template, false],
		[template, 'https://login.microsoftonline.com//v2.0', false],
		[template, 'https://login.microsoftonline.com/a/b/v2.0', false],
		[template, 'https://login.microsoftonline.com/a.b/v2.0', false],
		[template, 'https://login.microsoftonline.com/a/v2.0/more', false],
		[template, 'https://evil.test/a/v2.0', false],
		['https://{tenantid}.ciam.test/{tenantid}/v2.0', 'https://a.ciam.test/a/v2.0', true],
		['https://{tenantid}.ciam.test/{tenantid}/v2.0', 'https://a.ciam.test/b/v2.0', false]
	])('%s covers %s: %s', (announced, issuer, covers) => {
		expect(isIssuer(announced, issuer)).toBe(covers);
	});

	it('treats a tenant ID literally', () => {
		expect(toTenantIssuer(template, tenantId)).toBe(template.replace('{tenantid}', tenantId));
		for (const wrong of [undefined, null, 5, '', '$&', 'a/b', 'a'.repeat(65), ['a']])
			expect(toTenantIssuer(template, wrong)).toBeNull();
	});
});

describe('a discovery document', () => {
	it.each([
		[configured('https://id.test'), 'https://id.test', true],
		[configured('https://id.test/'), 'https://id.test', true],
		[configured('https://id.test/app'), 'https://id.test/app/', true],
		[configured('https://id.test'), 'https://id.test/realm', false],
		[configured('https://id.test'), 'https://evil.test', false],
		[configured('https://id.test'), 'nonsense', false],
		[configured(common), template, true],
		[
			configured('https://login.microsoftonline.com/consumers/v2.0'),
			`https://login.microsoftonline.com/${tenantId}/v2.0`,
			true
		],
		[configured('http://127.0.0.1:9/common/v2.0'), 'http://127.0.0.1:9/{tenantid}/v2.0', true],
		[configured('http://127.0.0.1:9/common/v1.0'), 'http://127.0.0.1:9/{tenantid}/v2.0', false],
		[configured(documentUrl), 'https://id.test/realms/home', true],
		[configured(documentUrl), 'nonsense', false],
		[configured(documentUrl, 'https://id.test/realms/home'), 'https://id.test/realms/home', true],
		[configured(documentUrl, 'https://id.test/realms/home'), 'https://id.test/realms/other', false],
		[
			configured('http://keycloak:8080/realms/home', 'https://id.test/realms/home'),
			'https://id.test/realms/home',
			true
		],
		[configured('https://id.test', 'https://other.test'), 'https://id.test', false],
		[configured(common, `https://login.microsoftonline.com/${tenantId}/v2.0`), template, true],
		[configured(common, template), template, true],
		[configured(common, template), 'https://login.microsoftonline.com/other/{tenantid}', false]
	])('of %o can announce %s: %s', (provider, announced, may) => {
		expect(mayAnnounce(provider, announced)).toBe(may);
	});
});

describe('an issuer on another host', () => {
	const issuer = 'https://id.test/realms/home';
	const foreign = configured(documentUrl, '', 'club');

	it.each([
		[foreign, [configured('https://id.test/realms/home')], false],
		[foreign, [configured('https://id.test/realms/other')], false],
		[foreign, [configured('http://internal', issuer)], false],
		[foreign, [configured('https://other.test')], true],
		[foreign, [foreign], true],
		[configured(documentUrl, issuer, 'club'), [configured('https://id.test/realms/home')], true],
		[configured('https://id.test/realms/home', '', 'club'), [configured('https://id.test/realms/home')], true]
	])('can be used by %o beside %o: %s', (provider, others, may) => {
		expect(maySpeakFor(provider, issuer, others)).toBe(may);
	});
});

describe('the issuer in the settings', () => {
	it.each([
		[configured('https://id.test'), 'https://id.test/', true],
		[configured('https://ID.test/a/'), 'https://id.test/a', true],
		[configured('https://id.test/a'), 'https://id.test/b', false],
		[configured('https://id.test/a'), 'https://id.test', false],
		[configured('https://id.test/a/.well-known/openid-configuration'), 'https://id.test/a', true],
		[configured('https://id.test/a/.well-known/openid-configuration?p=b'), 'https://id.test/a', true],
		[configured('https://id.test/.well-known/oauth-authorization-server/a'), 'https://id.test/a', true],
		[configured('https://id.test/.well-known/openid-configuration'), 'https://id.test', true],
		[configured('https://id.test/a/.well-known/openid-configuration'), 'https://id.test/b', false],
		[configured('https://id.test/a', 'https://id.test/b'), 'https://id.test/b', true],
		[configured('https://id.test/a', 'https://id.test/b'), 'https://id.test/a', false],
		[configured(common, template), `https://login.microsoftonline.com/${tenantId}/v2.0`, true],
		[configured(common), `https://login.microsoftonline.com/${tenantId}/v2.0`, false],
		[configured(''), 'https://id.test', false],
		[configured('https://id.test'), 'nonsense', false]
	])('%o names %s: %s', (provider, issuer, isNamed) => {
		expect(namesIssuer(provider, issuer)).toBe(isNamed);
	});
});

describe('an issuer on the same host that is not in the settings', () => {
	const victim = 'https://id.test/realms/home';
	const hostile = configured('https://id.test/realms/evil/.well-known/openid-configuration', '', 'club');

	it.each([
		[hostile, configured(victim), false],
		[hostile, configured(`${victim}/`), false],
		[hostile, configured(`${victim}/.well-known/openid-configuration`), false],
		[hostile, configured('http://keycloak:8080/realms/home', victim), false],
		[hostile, configured('https://id.test/realms/other'), true],
		[configured('https://id.test/evil', '', 'club'), configured(victim), false],
		[configured(hostile.issuerUrl, victim, 'club'), configured(victim), true],
		[configured(victim, '', 'club'), configured(victim), true]
	])('can be used by %o beside %o: %s', (provider, other, may) => {
		expect(maySpeakFor(provider, victim, [provider, other])).toBe(may);
	});

	it('is not a tenant of another provider either', () => {
		const tenant = `https://login.microsoftonline.com/${tenantId}/v2.0`;
		const many = configured(common, '', 'club');
		expect(maySpeakFor(many, tenant, [configured(tenant)])).toBe(false);
		expect(maySpeakFor(many, tenant, [configured('https://id.test', template)])).toBe(false);
		expect(maySpeakFor(many, tenant, [many, configured('https://id.test')])).toBe(true);
	});
});
