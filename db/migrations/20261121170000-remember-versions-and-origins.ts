import { Migration } from '@mikro-orm/migrations';

/** What registries said last of the tags that were asked for; and where a container's policy was set. */
export class RememberVersionsAndOrigins extends Migration {
  override up(): void {
    this.addSql(`
      create table "image_versions" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "registry_url" varchar(255) not null,
        "image_name" varchar(255) not null,
        "tag" varchar(128) not null,
        "os" varchar(32) not null,
        "architecture" varchar(32) not null,
        "digest" varchar(71) not null,
        "media_type" varchar(128) not null,
        "size_bytes" bigint null,
        "published_at" timestamptz(3) null,
        "first_seen_at" timestamptz(3) not null,
        "checked_at" timestamptz(3) not null,
        primary key ("id")
      )
    `);
    this.addSql('create index "image_versions_image_name_tag_index" on "image_versions" ("image_name", "tag")');
    this.addSql('create index "image_versions_checked_at_index" on "image_versions" ("checked_at" desc)');
    this.addSql(
      'alter table "image_versions" add constraint "image_versions_tag_of_platform_unique" unique ("tenant_id", "image_name", "tag", "registry_url", "architecture", "os")',
    );
    this.addSql(
      'alter table "image_versions" add constraint "image_versions_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")',
    );
    this.addSql(`alter table "containers" add column "policy_origin" varchar(255) not null default 'default'`);
  }

  override down(): void {
    this.addSql('alter table "containers" drop column "policy_origin"');
    this.addSql('drop table if exists "image_versions"');
  }
}
