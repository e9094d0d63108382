import { getHost, type OAuthProvider } from '#lib/server/features/settings/index.ts';

/** Microsoft Entra ID puts this in the issuer of a discovery document for many tenants. */
const placeholder = '{tenantid}';
const tenant = /^[A-Za-z0-9-]{1,64}/;

type Configured = Pick<OAuthProvider, 'id' | 'issuerUrl' | 'expectedIssuer'>;

/** Whether an announced issuer stands for many tenants, each with its own issuer. */
export const isTemplate = (announced: string): boolean => announced.includes(placeholder);

/** The issuer of one tenant; null if the ID isn't a valid tenant ID. */
export const toTenantIssuer = (announced: string, tenantId: unknown): string | null =>
	typeof tenantId === 'string' && tenant.exec(tenantId)?.[0] === tenantId
		? announced.replaceAll(placeholder, () => tenantId)
		: null;

/** Whether an issuer is the announced one, or that of a tenant if the announced one stands for many. */
export function isIssuer(announced: string, issuer: string): boolean {
	if (!isTemplate(announced)) return announced === issuer;
	const tenantId = tenant.exec(issuer.slice(announced.indexOf(placeholder)))?.[0];
	return toTenantIssuer(announced, tenantId) === issuer;
}

/** Whether the setting contains the URL of the discovery document rather than the issuer. */
const isDocumentUrl = (issuerUrl: string): boolean => issuerUrl.includes('/.well-known/');

/** The URL of an issuer's discovery document. */
export const toDocumentUrl = (issuerUrl: string): string =>
	isDocumentUrl(issuerUrl) ? issuerUrl : `${withoutSlash(issuerUrl)}/.well-known/openid-configuration`;

/** The issuer for a discovery document URL; the issuer's path can follow the well-known part (RFC 8414 §3.1). */
const toIssuer = (issuerUrl: string): string => {
	const [before = '', after] = new URL(issuerUrl).href.split('/.well-known/', 2);
	const inserted = after === undefined ? '' : after.replace(/^[^/?#]*/, '').replace(/[?#].*$/, '');
	return withoutSlash(before + inserted);
};

/** Whether the settings of a provider name this issuer: as the expected one, or by the URL itself. */
export function namesIssuer({ issuerUrl, expectedIssuer }: Configured, issuer: string): boolean {
	if (expectedIssuer !== '') return isIssuer(expectedIssuer, issuer);
	if (!URL.canParse(issuerUrl) || !URL.canParse(issuer)) return false;
	return withoutSlash(new URL(issuer).href) === toIssuer(issuerUrl);
}

/** Whether the issuer is known only from the discovery document. */
export const isAnnouncedByDocument = ({ issuerUrl, expectedIssuer }: Configured): boolean =>
	expectedIssuer === '' && URL.canParse(issuerUrl) && (isDocumentUrl(issuerUrl) || isMicrosoft(issuerUrl));

/** Whether a provider's discovery document may announce this issuer. */
export function mayAnnounce({ issuerUrl, expectedIssuer }: Configured, announced: string): boolean {
	if (expectedIssuer !== '') return announced === expectedIssuer || isIssuer(announced, expectedIssuer);
	if (isDocumentUrl(issuerUrl)) return URL.canParse(announced);
	const url = withoutSlash(new URL(issuerUrl).href);
	if (isIssuer(withoutSlash(announced), url)) return true;
	if (!URL.canParse(announced)) return false;
	const isSameOrigin = toOrigin(announced) === toOrigin(issuerUrl);
	return isSameOrigin && (isMicrosoft(issuerUrl) || withoutSlash(new URL(announced).href) === url);
}

/** Whether a provider may issue tokens with this issuer, as far as can be decided without its discovery document. */
export const mayIssue = (provider: Configured, issuer: string): boolean =>
	mayAnnounce(provider, issuer) || (URL.canParse(issuer) && toOrigin(issuer) === toOrigin(provider.issuerUrl));

/** Microsoft's document for a tenant's domain, or for personal accounts, announces the tenant's ID instead. */
const isMicrosoft = (issuerUrl: string): boolean =>
	/^(login\.microsoftonline\.com|[^.]+\.b2clogin\.com)$/.test(getHost(issuerUrl));

/**
 * Whether a provider may use this issuer given the others configured. An issuer not named in its own settings must be neither
 * another provider's nor on another provider's host: it could sign in to that provider's users.
 */
export function maySpeakFor(provider: Configured, issuer: string, others: readonly Configured[]): boolean {
	if (namesIssuer(provider, issuer)) return true;
	const isForeign = toOrigin(issuer) !== toOrigin(provider.issuerUrl);
	return !others.some(
		(other) =>
			other.id !== provider.id &&
			(namesIssuer(other, issuer) || (isForeign && toOrigin(other.issuerUrl) === toOrigin(issuer)))
	);
}

/** No regex, which would take quadratic time for long runs of slashes. */
function withoutSlash(address: string): string {
	let end = address.length;
	while (address[end - 1] === '/') end--;
	return address.slice(0, end);
}

const toOrigin = (address: string): string | null => (URL.canParse(address) ? new URL(address).origin : null);
