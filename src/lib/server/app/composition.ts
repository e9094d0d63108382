import type { ChangeFeed } from '#lib/server/platform/database/pg-notifications.ts';
import type { Connection, PoolConnection } from '#lib/server/platform/database/store.ts';
import type { Feature } from '#lib/server/platform/feature.ts';
import type { OpenResources } from '#lib/server/platform/open-resources.ts';

type ServicesOf<Created> = Created extends { readonly services: infer Services } ? Services : unknown;

/** `earlier` are all features created before. */
type Create<Platform, Features, Created = Feature> = (
	platform: Platform,
	features: Features,
	earlier: readonly Feature[]
) => Created | Promise<Created>;

interface Step {
	readonly name: string;
	readonly create: Create<never, never>;
	readonly repositories?: ((connection: Connection) => object) | undefined;
	readonly direct?: ((connection: PoolConnection) => object) | undefined;
}

interface Host {
	readonly changes: Pick<ChangeFeed, 'subscribe'>;
	readonly resources: OpenResources;
}

/**
 * A list of features, each created from the platform and from the features before it. `Platform` is what all of them
 * need together; `Repositories` and `Direct` are those that they bring along.
 */
export class Composition<
	Platform = unknown,
	Features = unknown,
	Services = unknown,
	Repositories = unknown,
	Direct = unknown
> {
	readonly #steps: Step[] = [];

	/** `repositories` can take part in a transaction; `direct` ones never do. */
	add<
		Name extends string,
		Needed,
		Created extends Feature,
		Own extends object = object,
		OwnDirect extends object = object
	>(
		name: Name,
		create: (platform: Needed, features: Features) => Created | Promise<Created>,
		repositories?: (connection: Connection) => Own,
		direct?: (connection: PoolConnection) => OwnDirect
	): Composition<
		Platform & Needed,
		Features & Readonly<Record<Name, Created>>,
		Services & ServicesOf<Created>,
		Repositories & Own,
		Direct & OwnDirect
	> {
		this.#steps.push({ name, create, repositories, direct });
		// The same list, now with the types of one more feature.
		return this as never;
	}

	/** Adds the feature that uses what all others declare: none can follow it. */
	addLast<
		Name extends string,
		Needed,
		Created extends Feature,
		Own extends object = object,
		OwnDirect extends object = object
	>(
		name: Name,
		create: Create<Needed, Features, Created>,
		repositories?: (connection: Connection) => Own,
		direct?: (connection: PoolConnection) => OwnDirect
	): Omit<
		Composition<
			Platform & Needed,
			Features & Readonly<Record<Name, Created>>,
			Services & ServicesOf<Created>,
			Repositories & Own,
			Direct & OwnDirect
		>,
		'add' | 'addLast'
	> {
		this.#steps.push({ name, create, repositories, direct });
		return this as never;
	}

	/** Builds the repositories of all features over one connection: the pool's or a transaction's. */
	repositoriesOver(connection: Connection): Repositories {
		const all = this.#steps.map(({ repositories }) => repositories?.(connection));
		return Object.assign({}, ...all) as Repositories;
	}

	/** Builds those that use connections of their own, outside of any transaction. */
	directRepositories(connection: PoolConnection): Direct {
		const all = this.#steps.map(({ direct }) => direct?.(connection));
		return Object.assign({}, ...all) as Direct;
	}

	/** Creates and starts one feature after another. The caller closes `resources`, also if this fails. */
	async start(
		platform: Platform,
		{ changes, resources }: Host
	): Promise<{ readonly features: Features; readonly services: Services }> {
		const features: Record<string, Feature> = {};
		const services: Record<string, unknown> = {};
		for (const { name, create } of this.#steps) {
			const feature = await create(platform as never, features as never, Object.values(features));
			if (feature.changes) changes.subscribe(feature.changes);
			if (feature.stop) resources.add(feature.stop.name, feature.stop.run);
			await feature.start?.();
			features[name] = feature;
			Object.assign(services, feature.services);
		}
		// The steps have filled both with what their types name.
		return { features: features as Features, services: services as Services };
	}
}
