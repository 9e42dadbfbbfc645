/** A tenant as its database sees it. Names are quoted where they need it. */
export interface Party {
  readonly id: string;
  readonly role: string;
  readonly schema: string;
  /** Tables of its schema, with it: `tenant_b.task`. */
  readonly tables: readonly string[];
  /** A large object of its own. */
  readonly largeObject: number;
  /** Process of a session that it has open. */
  readonly backend: number;
}

/** A table that all tenants have rows in, each with its `tenant_id`. */
export interface SharedTable {
  /** With its schema. */
  readonly name: string;
  /**
   * Statement that inserts a row with that tenant and key.
   * @default - tenants may not insert here
   */
  readonly insert?: (tenantId: string, key: string) => string;
  /** Key of a row of the victim's. */
  readonly victimsKey?: string;
}

/** What an attacker looks at: its own things, its victim's and everybody's. */
export interface World {
  readonly attacker: Party;
  readonly victim: Party;
  readonly shared: readonly SharedTable[];
  /** Tables of the platform's own schema. */
  readonly platform: readonly string[];
}
