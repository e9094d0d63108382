import type { ChangeFeed } from '#lib/server/platform/database/pg-notifications.ts';
import type { Feature } from '#lib/server/platform/feature.ts';
import type { OpenResources } from '#lib/server/platform/open-resources.ts';

type ServicesOf<Created> = Created extends { readonly services: infer Services } ? Services : unknown;

type Create<Platform, Features> = (platform: Platform, features: Features) => Feature | Promise<Feature>;

interface Host {
	readonly changes: Pick<ChangeFeed, 'subscribe'>;
	readonly resources: OpenResources;
}

/** A list of features, each created from the platform and from the features before it. */
export class Composition<Platform, Features = unknown, Services = unknown> {
	readonly #steps: { readonly name: string; readonly create: Create<Platform, Features> }[] = [];

	/** Adds a feature, which can use those added before it. */
	add<Name extends string, Created extends Feature>(
		name: Name,
		create: (platform: Platform, features: Features) => Created | Promise<Created>
	): Composition<Platform, Features & Readonly<Record<Name, Created>>, Services & ServicesOf<Created>> {
		this.#steps.push({ name, create });
		// The same list, now with the type of one more feature.
		return this as never;
	}

	/** Creates and starts one feature after another. The caller closes `resources`, also if this fails. */
	async start(
		platform: Platform,
		{ changes, resources }: Host
	): Promise<{ readonly features: Features; readonly services: Services }> {
		const features: Record<string, Feature> = {};
		const services: Record<string, unknown> = {};
		for (const { name, create } of this.#steps) {
			const feature = await create(platform, features as Features);
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
