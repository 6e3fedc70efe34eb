import { IsBoolean, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';

// All of them of the namespace `novanet`.

/** `remove_service`. */
export class ServiceArguments {
  @IsString() @IsNotEmpty() readonly host!: string;
  @IsString() @IsNotEmpty() @MaxLength(255) readonly binary!: string;
}

/** `force_service_down`. */
export class ForceServiceDownArguments extends ServiceArguments {
  @IsBoolean() readonly forced_down!: boolean;
}

/** `set_service_status`. */
export class SetServiceStatusArguments extends ServiceArguments {
  @IsBoolean() readonly disabled!: boolean;
  /** Of one that is disabled. */
  @IsOptional() @IsString() @MaxLength(255) readonly reason?: string | null;
}
