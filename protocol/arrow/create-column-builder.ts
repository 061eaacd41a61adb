import { BytesBuilder } from './bytes-builder.ts';
import type { ColumnBuilder } from './column-builder.ts';
import { byteWidth, type DataType } from './data-type.ts';
import { BoolBuilder, FixedBuilder, NullBuilder } from './flat-builders.ts';
import { FixedListBuilder, ListBuilder, StructBuilder, UnionBuilder } from './nested-builders.ts';

/** An empty builder for a type's one layout; `capacity` rows fit before anything grows. */
export function createColumnBuilder(type: DataType, capacity = 0): ColumnBuilder {
  switch (type.kind) {
    case 'null':
      return new NullBuilder();
    case 'bool':
      return new BoolBuilder(capacity);
    case 'utf8':
    case 'binary':
      return new BytesBuilder(capacity);
    case 'list':
    case 'map':
      return new ListBuilder(createColumnBuilder(type.child.type), capacity);
    case 'fixed_size_list':
      return new FixedListBuilder(createColumnBuilder(type.child.type, capacity * type.size), type.size);
    case 'struct':
      return new StructBuilder(type.children.map((child) => createColumnBuilder(child.type, capacity)));
    case 'union':
      return new UnionBuilder(
        type.children.map((child) => createColumnBuilder(child.type)),
        capacity,
      );
    case 'int':
    case 'float':
    case 'decimal':
    case 'fixed_size_binary':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'duration':
    case 'interval':
      return new FixedBuilder(byteWidth(type) ?? 0, capacity);
  }
}
