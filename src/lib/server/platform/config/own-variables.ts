type Source = Readonly<Record<string, string | undefined>>;

/** The value that Kubernetes and Docker links give the port variable of a service: `tcp://10.96.0.1:2283`. */
const serviceAddress = /^(tcp|udp|sctp):\/\//i;
/** Variables that they add for a service: `IMMICH_OAUTH_PORT_80_TCP_ADDR`, `IMMICH_OAUTH_ENV_VERSION`. */
const servicePart = /^(.+)_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\d+(_END)?_(TCP|UDP|SCTP)(_.+)?|ENV_.+|NAME)$/;

/** Our variables whose names a service could also produce. */
const isOurs = (name: string): boolean => /^(PORT|DB_PORT|IMMICH_.*)$/.test(name);

/** Separates out variables that another program set under names that look like ours. */
export function ownVariables(source: Source): {
	readonly env: Record<string, string>;
	readonly ignored: readonly string[];
} {
	const variables = Object.entries(source).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
	const isForeign = ([name, value]: [string, string]) => {
		if (/(^|_)PORT$/.test(name) && serviceAddress.test(value)) return true;
		const service = servicePart.exec(name)?.[1];
		return service !== undefined && serviceAddress.test(source[`${service}_PORT`] ?? '');
	};
	return {
		env: Object.fromEntries(variables.filter((entry) => !isForeign(entry))),
		ignored: variables.filter((entry) => isForeign(entry) && isOurs(entry[0])).map(([name]) => name)
	};
}
