import { IsBoolean, IsNotEmpty, IsString, MaxLength } from 'class-validator';

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
