import { CliError } from '../cli-error.ts';

const untrusted = new Set([
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'CERT_UNTRUSTED'
]);

const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'nothing listens there',
	ECONNRESET: 'the connection was closed',
	UND_ERR_SOCKET: 'the connection was closed',
	ENOTFOUND: 'the host is not known',
	EAI_AGAIN: 'the host name could not be looked up',
	EHOSTUNREACH: 'the host is not reachable',
	ENETUNREACH: 'the network is not reachable',
	ETIMEDOUT: 'it did not answer in time',
	UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
	UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
	UND_ERR_BODY_TIMEOUT: 'it did not answer in time',
	EPROTO: 'it does not speak HTTPS there; try http://',
	ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak HTTPS there; try http://',
	ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak HTTPS there; try http://',
	HPE_INVALID_CONSTANT: 'it does not speak HTTP there; try https://'
};

/** Describes why `fetch` got no answer from a server. */
export function networkFailure(url: URL, error: unknown): CliError {
	const code = findCode(error);
	if (untrusted.has(code))
		return new CliError(
			`The certificate of ${url.host} is not trusted (${code}).`,
			'If you trust the authority that issued it, put its certificate into a file and set NODE_EXTRA_CA_CERTS to the path of that file.',
			{ cause: error }
		);
	if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
		return new CliError(
			`The certificate of ${url.host} is not valid now (${code}).`,
			'Check the clock of this computer, or ask the operator of the server to renew it.',
			{ cause: error }
		);
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
		return new CliError(
			`The certificate of ${url.host} is for another host.`,
			'Use the name for which it was issued.',
			{ cause: error }
		);
	const reason =
		error instanceof Error && error.name === 'TimeoutError'
			? 'it did not answer in time'
			: (reasons[code] ?? (code || describe(error)));
	return new CliError(
		`${url.origin} can't be reached: ${reason}.`,
		'Check the address, and that the server is running.',
		{ cause: error }
	);
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code of the error or of what caused it. */
function findCode(error: unknown): string {
	for (let at = error; at instanceof Error; at = at.cause)
		if ('code' in at && typeof at.code === 'string') return at.code;
	return '';
}
