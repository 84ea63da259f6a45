using Rafaga.Backend.Tests.Agent;
using Rafaga.Backend.Tests.Changing;
using Rafaga.Backend.Tests.Commands;
using Rafaga.Backend.Tests.Delivery;
using Rafaga.Backend.Tests.DryRuns;
using Rafaga.Backend.Tests.Models;
using Rafaga.Backend.Tests.Photos;
using Rafaga.Backend.Tests.Privacy;
using Rafaga.Backend.Tests.Reading;
using Rafaga.Backend.Tests.Store;

namespace Rafaga.Backend.Tests.Databases;

public sealed class BadInputTestsOnPostgreSql() : BadInputTests(DatabaseKind.PostgreSql);

public sealed class CompletenessTestsOnPostgreSql() : CompletenessTests(DatabaseKind.PostgreSql);

public sealed class CrashTestsOnPostgreSql() : CrashTests(DatabaseKind.PostgreSql);

public sealed class HostileModelTestsOnPostgreSql() : HostileModelTests(DatabaseKind.PostgreSql);

public sealed class IdempotencyTestsOnPostgreSql() : IdempotencyTests(DatabaseKind.PostgreSql);

public sealed class MemoryToolTestsOnPostgreSql() : MemoryToolTests(DatabaseKind.PostgreSql);

public sealed class PhotoTestsOnPostgreSql() : PhotoTests(DatabaseKind.PostgreSql);

public sealed class SightTestsOnPostgreSql() : SightTests(DatabaseKind.PostgreSql);

public sealed class QuestionTestsOnPostgreSql() : QuestionTests(DatabaseKind.PostgreSql);

public sealed class RandomModelTestsOnPostgreSql() : RandomModelTests(DatabaseKind.PostgreSql);

public sealed class ReadingTestsOnPostgreSql() : ReadingTests(DatabaseKind.PostgreSql);

public sealed class SummaryTestsOnPostgreSql() : SummaryTests(DatabaseKind.PostgreSql);

public sealed class RunLogTestsOnPostgreSql() : RunLogTests(DatabaseKind.PostgreSql);

public sealed class MigrationTestsOnPostgreSql() : MigrationTests(DatabaseKind.PostgreSql);

public sealed class SharingTestsOnPostgreSql() : SharingTests(DatabaseKind.PostgreSql);

public sealed class UndoTestsOnPostgreSql() : UndoTests(DatabaseKind.PostgreSql);

public sealed class OwnershipTestsOnPostgreSql() : OwnershipTests(DatabaseKind.PostgreSql);

public sealed class FilterTestsOnPostgreSql() : FilterTests(DatabaseKind.PostgreSql);

public sealed class KindTestsOnPostgreSql() : KindTests(DatabaseKind.PostgreSql);

public sealed class EditTestsOnPostgreSql() : EditTests(DatabaseKind.PostgreSql);

public sealed class LateMemberTestsOnPostgreSql() : LateMemberTests(DatabaseKind.PostgreSql);

public sealed class SingleUpdateTestsOnPostgreSql() : SingleUpdateTests(DatabaseKind.PostgreSql);

public sealed class MemoryListTestsOnPostgreSql() : MemoryListTests(DatabaseKind.PostgreSql);

public sealed class LanguageTestsOnPostgreSql() : LanguageTests(DatabaseKind.PostgreSql);

public sealed class FeedbackTestsOnPostgreSql() : FeedbackTests(DatabaseKind.PostgreSql);

public sealed class ErasingTestsOnPostgreSql() : ErasingTests(DatabaseKind.PostgreSql);

public sealed class PersonExportTestsOnPostgreSql() : PersonExportTests(DatabaseKind.PostgreSql);

public sealed class AccessTestsOnPostgreSql() : AccessTests(DatabaseKind.PostgreSql);

public sealed class AlbumTestsOnPostgreSql() : AlbumTests(DatabaseKind.PostgreSql);

public sealed class ExportTestsOnPostgreSql() : ExportTests(DatabaseKind.PostgreSql);

public sealed class OperatorChangesTestsOnPostgreSql() : OperatorChangesTests(DatabaseKind.PostgreSql);

public sealed class SearchTestsOnPostgreSql() : SearchTests(DatabaseKind.PostgreSql);

public sealed class MemoryOrdersTestsOnPostgreSql() : MemoryOrdersTests(DatabaseKind.PostgreSql);

public sealed class MembersTestsOnPostgreSql() : MembersTests(DatabaseKind.PostgreSql);

public sealed class DryRunTestsOnPostgreSql() : DryRunTests(DatabaseKind.PostgreSql);
